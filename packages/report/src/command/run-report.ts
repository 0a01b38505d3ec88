import process from 'node:process';
import { KdError } from '@kd/core';
import { reportFolder } from '../page/report-folder.js';
import { showFile } from './show-file.js';

/** The options of the command line; each may be absent. */
export interface ReportArguments {
  readonly out?: string;
  readonly title?: string;
  readonly open?: boolean;
}

/** The command: draws the page of a folder, and prints its path. */
export async function runReport(
  folder: string,
  { open = false, ...options }: ReportArguments,
  show: (file: string) => Promise<void> = showFile,
): Promise<void> {
  try {
    const { file, notes } = await reportFolder(folder, options);
    for (const note of notes) console.error(note);
    console.log(file);
    if (open) await show(file);
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
