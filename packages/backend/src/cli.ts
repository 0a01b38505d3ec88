#!/usr/bin/env node
// The command of this package, `npx @kd/backend`.
import process from 'node:process';
import { Command } from 'commander';
import { describeReport } from './doctor/describe-report.js';
import { examine } from './doctor/examine.js';
import type { InstallArguments } from './install/install-options.js';
import { runInstall } from './install/run-install.js';

const command = new Command('npx @kd/backend').description('Backends of TensorFlow.js for training.');

command
  .command('doctor')
  .description('tries every backend for a second of training, and says what is missing')
  .option('--json', 'prints the report as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const report = await examine((name) => {
      if (json !== true) console.error(`Trying ${name} ...`);
    });
    console.log(json === true ? JSON.stringify(report, undefined, 2) : describeReport(report));
    if (!report.backends.some(({ trains }) => trains)) process.exitCode = 1;
  });

command
  .command('install')
  .description('makes the installed @tensorflow/tfjs-node compute with a current TensorFlow')
  .option('--gpu', 'makes @tensorflow/tfjs-node-gpu compute with TensorFlow for CUDA 12')
  .option('--tensorflow <version>', 'which version of TensorFlow')
  .option('--python <path>', 'whose pip downloads it')
  .option('--cache <directory>', 'where it is kept, for every project')
  .action((given: InstallArguments) => runInstall(given));

await command.parseAsync();
