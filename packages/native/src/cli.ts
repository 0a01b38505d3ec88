#!/usr/bin/env node
// The command of this package, `npx @kd/native`.
import { Command } from 'commander';
import type { InstallArguments } from './options.js';
import { runInstall } from './run-install.js';

const command = new Command('npx @kd/native').description('Runs tfjs-node on a current TensorFlow.');

command
  .command('install')
  .description('make the installed @tensorflow/tfjs-node use a current TensorFlow')
  .option('--gpu', 'make @tensorflow/tfjs-node-gpu use TensorFlow for CUDA 12 instead')
  .option('--tensorflow <version>', 'the version of TensorFlow')
  .option('--python <path>', 'the Python whose pip downloads it')
  .option('--cache <directory>', 'where it is kept, shared by all projects')
  .action((given: InstallArguments) => runInstall(given));

await command.parseAsync();
