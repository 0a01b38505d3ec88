#!/usr/bin/env node
// The command kd-backend.
import process from 'node:process';
import { Command } from 'commander';
import { describeReport } from './doctor/describe-report.js';
import { examine } from './doctor/examine.js';

const command = new Command('kd-backend').description('Backends of TensorFlow.js for training.');

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

await command.parseAsync();
