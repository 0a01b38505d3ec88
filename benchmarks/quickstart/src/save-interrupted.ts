import { join } from 'node:path';
import type { Trained } from './experiment.js';
import { saveModel } from './save-model.js';

/** Saves the models of an interrupted experiment, finished or not, and prints where. */
export async function saveInterrupted(trained: readonly Trained[], out: string): Promise<void> {
  for (const { job, outcome } of trained) {
    const folder = join(out, 'interrupted', job.name.replaceAll(/\W+/g, '-'));
    await saveModel(job.perceptron, outcome.weights, folder);
    const state = outcome.reason === 'aborted' ? 'as far as it was trained' : 'fully trained';
    console.log(`Interrupted. The ${job.name}, ${state}, is in ${folder}.`);
  }
}
