import { join } from 'node:path';
import type { Trained } from './experiment.js';
import { saveModel } from './save-model.js';

/** Saves the models of an experiment that was interrupted, finished or not, and says where. */
export async function saveInterrupted(trained: readonly Trained[], out: string): Promise<void> {
  for (const { job, outcome } of trained) {
    const folder = join(out, 'interrupted', job.name.replaceAll(/\W+/g, '-'));
    await saveModel(job.perceptron, outcome.weights, folder);
    const state = outcome.reason === 'aborted' ? 'as far as it was trained' : 'trained to its end';
    console.log(`Interrupted. The ${job.name}, ${state}, is in ${folder}.`);
  }
}
