// Distils students on transfer sets that lack classes, and corrects their biases.
import process from 'node:process';
import { runExperiment } from '@kd-examples/experiment';
import { removeCheckpoints, trainInPhases } from '@kd-examples/perceptrons';
import type { Job, Outcome } from './job.js';
import { phasesOf } from './jobs.js';
import { readOptions, settingsOf } from './options.js';
import { report } from './report.js';

const options = readOptions(process.argv);
const settings = settingsOf(options);
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C ends the training; the same command goes on where it was.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, async ({ backend, pool, seconds }) => {
  const seeds = Array.from({ length: options.seeds }, (_, index) => index + 1);
  const trained = await trainInPhases(phasesOf(settings, seeds, { backend, out: options.out }), pool);
  if (trained === undefined) {
    process.exitCode = 130;
    return;
  }
  await report(trained, settings, seeds, options.out, { backend, seconds: seconds() });
  await removeCheckpoints(options.out);
});
