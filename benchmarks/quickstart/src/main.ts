import { join } from 'node:path';
import process from 'node:process';
import { runExperiment } from '@kd-benchmarks/experiment';
import { trainAll } from './experiment.js';
import type { Trained } from './experiment.js';
import type { Job } from './jobs.js';
import { readOptions } from './options.js';
import { report } from './report.js';
import type { Outcome } from './run-job.js';
import { saveModel } from './save-model.js';

const options = readOptions(process.argv);
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C ends the training and saves what was learnt.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, async ({ backend, pool, seconds }) => {
  const experiment = await trainAll(options, backend, pool);
  if (experiment.interrupted === undefined) {
    await report(experiment, options, backend, seconds);
  } else {
    await saveInterrupted(experiment.interrupted, options.out);
    process.exitCode = 130;
  }
});

async function saveInterrupted(trained: readonly Trained[], out: string): Promise<void> {
  for (const { job, outcome } of trained) {
    const folder = join(out, 'interrupted', job.name.replaceAll(/\W+/g, '-'));
    await saveModel(job.perceptron, outcome.weights, folder);
    const state = outcome.reason === 'aborted' ? 'as far as it was trained' : 'trained to its end';
    console.log(`Interrupted. The ${job.name}, ${state}, is in ${folder}.`);
  }
}
