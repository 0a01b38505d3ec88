#!/usr/bin/env node
// The command of this package, `npx @kd/report`.
import { Command } from 'commander';
import { runReport } from './command/run-report.js';
import type { ReportArguments } from './command/run-report.js';

const command = new Command('npx @kd/report')
  .description('Draws the runs and models in a folder as one HTML page, and prints its path.')
  .argument('<folder>', 'a folder with NAME.jsonl of jsonLines for each run, and models.json of saveModels')
  .option('--out <file>', 'the page (default: report.html in the folder)')
  .option('--title <text>', 'the title of the page (default: the name of the folder)')
  .option('--open', 'open the page in the browser')
  .allowExcessArguments(false)
  .action((folder: string, given: ReportArguments) => runReport(folder, given));

await command.parseAsync();
