import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const prefix = '.writing-';

/** A name that no other run has: 48 random bits. */
export function newToken(): string {
  return randomBytes(6).toString('hex');
}

/** The name of a temporary file of the run with this token. */
export function temporaryName(token: string, suffix: string = newToken()): string {
  return `${prefix}${token}-${suffix}`;
}

/** Removes the temporary files of the run with this token. */
export async function removeTemporaries(directory: string, token: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(temporaryName(token, ''))) await rm(join(directory, name), { force: true });
  }
}

/** The temporary files that hold a line with the token in their name, and that line: those of runs that were asking for a lock. */
export async function signedTemporaries(directory: string): Promise<{ file: string; owner: string }[]> {
  const found: { file: string; owner: string }[] = [];
  for (const name of await readdir(directory)) {
    const token = /^\.writing-([0-9a-f]{12})-/.exec(name)?.[1];
    if (token === undefined) continue;
    const file = join(directory, name);
    const owner = await textOf(file);
    if (owner.endsWith(` ${token}`)) found.push({ file, owner });
  }
  return found;
}

/** The text of a small file; empty for any other, and for one that is gone. */
async function textOf(file: string): Promise<string> {
  try {
    return (await stat(file)).size < 1000 ? await readFile(file, 'utf8') : '';
  } catch {
    return '';
  }
}
