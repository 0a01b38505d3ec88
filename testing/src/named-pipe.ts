import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import process from 'node:process';

/** Whether the system has named pipes that are files. */
export const hasNamedPipes: boolean = process.platform !== 'win32';

/** Puts a named pipe in place of a file. Nobody writes to it, so whoever opens it waits for ever. */
export async function putNamedPipe(file: string): Promise<void> {
  await rm(file, { recursive: true, force: true });
  execFileSync('mkfifo', [file]);
}
