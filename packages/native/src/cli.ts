#!/usr/bin/env node
// The command of this package, `npx @kd/native`.
import { Command } from 'commander';
import type { InstallArguments } from './options.js';
import { runInstall } from './run-install.js';

const command = new Command('npx @kd/native').description('tfjs-node on a current TensorFlow.');

command
  .command('install')
  .description('makes the installed @tensorflow/tfjs-node compute with a current TensorFlow')
  .option('--gpu', 'makes @tensorflow/tfjs-node-gpu compute with TensorFlow for CUDA 12')
  .option('--tensorflow <version>', 'which version of TensorFlow')
  .option('--python <path>', 'whose pip downloads it')
  .option('--cache <directory>', 'where it is kept, for every project')
  .action((given: InstallArguments) => runInstall(given));

await command.parseAsync();
