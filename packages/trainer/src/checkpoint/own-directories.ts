import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSynced } from '@kd/files';

/** An empty file that marks every directory of ours: written first and removed last. */
const marker = '.kd-checkpoint';

/** Makes a directory and marks it as ours. */
export async function makeOwn(directory: string): Promise<void> {
  await mkdir(directory);
  await writeSynced(join(directory, marker), []);
}

/**
 * Whether a directory is ours, or was left empty by a process killed while making or clearing it. Its name
 * alone proves nothing.
 */
export async function isOwn(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => undefined);
  return names !== undefined && (names.length === 0 || names.includes(marker));
}

/** The files in a directory of ours, without the mark. */
export async function filesOf(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name !== marker);
}

/** Removes a directory, if it is ours. */
export async function removeOwn(directory: string): Promise<void> {
  if (!(await isOwn(directory))) return;
  for (const name of await filesOf(directory))
    await rm(join(directory, name), { recursive: true, force: true });
  await rm(join(directory, marker), { force: true });
  await rmdir(directory);
}
