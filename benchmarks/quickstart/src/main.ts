import { extname } from 'node:path';
import process from 'node:process';
import { runExperiment } from '@kd-benchmarks/experiment';
import { trainAll } from './experiment.js';
import type { Job } from './jobs.js';
import { readOptions } from './options.js';
import { report } from './report.js';
import type { Outcome } from './run-job.js';
import { saveInterrupted } from './save-interrupted.js';

const options = readOptions(process.argv);
const script = new URL(`job-process${extname(import.meta.url)}`, import.meta.url);
const onCtrlC = 'Ctrl-C stops the training and saves all models.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, async ({ backend, pool, seconds }) => {
  const experiment = await trainAll(options, backend, pool);
  if (experiment.interrupted === undefined) {
    await report(experiment, options, backend, seconds);
  } else {
    await saveInterrupted(experiment.interrupted, options.out);
    process.exitCode = 130;
  }
});
