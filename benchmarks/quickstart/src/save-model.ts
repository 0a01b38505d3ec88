import { modelDirectory } from '@kd/files';
import { forInference } from '@kd/recipe';
import { writeWeights } from '@kd-benchmarks/experiment';
import type { Weights } from '@kd-benchmarks/experiment';
import { perceptron } from './models.js';
import type { PerceptronOptions } from './models.js';

/** Saves a trained perceptron as a plain tfjs model that outputs probabilities. */
export async function saveModel(options: PerceptronOptions, weights: Weights, folder: string): Promise<void> {
  const model = perceptron(options);
  writeWeights(model, weights);
  const deployed = forInference({ model, convention: 'logits' });
  await deployed.save(modelDirectory(folder));
  deployed.dispose();
  model.dispose();
}
