import { readdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRegularFile, codeOf, syncDirectory, writeSynced } from '@kd/files';
import { filesOf, isOwn, makeOwn, removeOwn } from './own-directories.js';
import type { CheckpointFiles, StoredCheckpoint } from './store.js';

// A directory of ours whose name begins like this is not a checkpoint yet, or no longer one.
const writing = '.writing-';
const removing = '.removing-';

/** Writes a checkpoint and removes all but the newest `keep`. The caller holds the lock with this token. */
export async function writeNext(
  directory: string,
  files: CheckpointFiles,
  keep: number,
  token: string,
): Promise<void> {
  const numbers = await numbersIn(directory);
  await removeLeftovers(directory);
  const temporary = join(directory, `${writing}${token}`);
  try {
    await makeOwn(temporary);
    for (const [name, content] of Object.entries(files)) await writeSynced(join(temporary, name), [content]);
    await syncDirectory(temporary);
    await rename(temporary, directoryOf(directory, (numbers.at(-1) ?? 0) + 1));
  } catch (error) {
    await removeOwn(temporary).catch(() => undefined);
    throw error;
  }
  await syncDirectory(directory);
  const own = await Promise.all(numbers.map((number) => isOwn(directoryOf(directory, number))));
  const kept = numbers.filter((_, index) => own[index]);
  for (const number of kept.slice(0, Math.max(0, kept.length + 1 - keep))) {
    const old = join(directory, `${removing}${String(number)}`);
    await rename(directoryOf(directory, number), old);
    await removeOwn(old);
  }
}

/** The newest checkpoint in a directory; undefined if there is none. */
export async function readNewest(directory: string): Promise<StoredCheckpoint | undefined> {
  const newest = (await numbersIn(directory)).at(-1);
  if (newest === undefined) return undefined;
  const name = directoryOf(directory, newest);
  const names = await filesOf(name);
  const files = await Promise.all(
    names.map(async (file) => {
      await checkRegularFile(join(name, file));
      return [file, await readFile(join(name, file))] as const;
    }),
  );
  return { name, files: Object.fromEntries(files) };
}

/** Removes all checkpoints. The caller holds the lock. */
export async function removeAll(directory: string): Promise<void> {
  for (const number of await numbersIn(directory)) await removeOwn(directoryOf(directory, number));
  await removeLeftovers(directory);
}

/** Whether a file or directory of that name exists. */
export async function isThere(directory: string): Promise<boolean> {
  return stat(directory).then(
    () => true,
    () => false,
  );
}

function directoryOf(directory: string, number: number): string {
  return join(directory, `checkpoint-${String(number).padStart(6, '0')}`);
}

/** Numbers of the checkpoints in a directory, ascending; empty if there is no such directory. */
async function numbersIn(directory: string): Promise<number[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** Removes what a killed process has left behind: nobody else writes while the lock is held. */
export async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (/^\.(?:writing-[0-9a-f]{12}|removing-\d+)$/.test(name)) await removeOwn(join(directory, name));
  }
}
