// Trains students of growing depth that all cost the same, in three ways, and shows which way still trains
// which depth.
import process from 'node:process';
import { runExperiment, wholeList } from '@kd-benchmarks/experiment';
import { compareDepths } from './compare-depths.js';
import type { DepthOptions } from './compare-depths.js';
import type { Job, Outcome } from './job.js';
import { fitnetsCommand, settingsOf } from './options.js';
import type { Options } from './options.js';

const options = fitnetsCommand(
  'mnist-fitnets-depth',
  'Trains students of growing depth at the same cost by backprop, by KD, and with hints, then KD.',
)
  .option('--depths <list>', 'convolutional layers of the students', wholeList(3, 99))
  .option('--scaled', 'first weights scaled to each layer in place of the small ones of the paper')
  .parse(process.argv)
  .opts<Options & DepthOptions>();
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C ends the training; the same command goes on where it was.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, (tools) =>
  compareDepths(settingsOf(options), options, tools),
);
