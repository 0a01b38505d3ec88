// Trains students of growing depth and equal cost in three ways, to show which way still trains which depth.
import process from 'node:process';
import { runExperiment, wholeList } from '@kd-benchmarks/experiment';
import { compareDepths } from './compare-depths.js';
import type { DepthOptions } from './compare-depths.js';
import type { Job, Outcome } from './job.js';
import { fitnetsCommand, settingsOf } from './options.js';
import type { Options } from './options.js';

const options = fitnetsCommand(
  'fitnets-mnist-depth',
  'Trains students of growing depth and equal cost in three ways: backprop, KD, and hints, then KD.',
)
  .option('--depths <list>', 'convolutional layers of the students', wholeList(3, 99))
  .option('--scaled', 'scale the first weights to each layer, instead of the small ones of the paper')
  .parse(process.argv)
  .opts<Options & DepthOptions>();
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C stops the training; run the same command again to resume.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, (tools) =>
  compareDepths(settingsOf(options), options, tools),
);
