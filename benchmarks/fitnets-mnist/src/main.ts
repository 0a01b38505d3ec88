// Trains a deep, thin student in four ways, and compares them.
import process from 'node:process';
import { runExperiment } from '@kd-benchmarks/experiment';
import { compareWays } from './compare-ways.js';
import type { Job, Outcome } from './job.js';
import { fitnetsCommand, settingsOf } from './options.js';
import type { Options } from './options.js';

const options = fitnetsCommand(
  'fitnets-mnist',
  'Trains a deep, thin student on MNIST in four ways: backprop, KD, hints and KD at once, and hints, then KD.',
)
  .parse(process.argv)
  .opts<Options>();
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C stops the training; run the same command again to resume.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, (tools) =>
  compareWays(settingsOf(options), options, tools),
);
