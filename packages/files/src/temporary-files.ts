import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A name unique to this run: 48 random bits. */
export function newToken(): string {
  return randomBytes(6).toString('hex');
}

/** The name of a temporary file of the run with this token. */
export function temporaryName(token: string, suffix: string = newToken()): string {
  return `.writing-${token}-${suffix}`;
}

/** Removes the temporary files of the run with this token. */
export async function removeTemporaries(directory: string, token: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(temporaryName(token, ''))) await rm(join(directory, name), { force: true });
  }
}
