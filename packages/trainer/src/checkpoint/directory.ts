import { mkdir, open, readdir, readFile, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { checkInteger, checkName, checkOptions, KdError } from '@kd/core';
import { filesOf, isOwn, makeOwn, removeOwn } from './own-directories.js';
import type { CheckpointFiles, CheckpointStore, StoredCheckpoint } from './store.js';

/** Options of `checkpointDirectory`. */
export interface CheckpointDirectoryOptions {
  /** How many checkpoints stay, a whole number >= 1; default 2. */
  readonly keep?: number;
}

/** Checkpoints in a directory. */
export interface CheckpointDirectory extends CheckpointStore {
  /** Removes the checkpoints, where a training is over and its result kept; and the directory, if nothing else is in it. */
  remove(): Promise<void>;
}

const where = 'checkpointDirectory';
// A directory of ours whose name begins like this is no checkpoint yet, or none any more.
const writing = '.writing-';
const removing = '.removing-';

/**
 * Keeps the checkpoints of a training in a directory: `checkpoint-<n>/` with files of the format safetensors, which Python reads, and
 * `manifest.json`.
 *
 * Each is written to a directory of another name, brought to disk with fsync, and then renamed: a process that is killed, or a disk
 * that is full, leaves the checkpoints before it as they were. What others have put there is never removed, whatever its name.
 *
 * @param path the directory; it is made when the first checkpoint is written. One training at a time
 * @param options how many checkpoints to keep
 * @returns a store for the option `checkpoint` of `train`, `trainStages` and `trainInTwoStages`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`; its `save` and `remove` reject with `KD_FILE_WRITE`, its `load` with `KD_FILE_READ`
 *
 * @example
 * ```ts
 * import { checkpointDirectory } from '@kd/trainer/node';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const store = checkpointDirectory(await mkdtemp(join(tmpdir(), 'checkpoints-')));
 * console.log(await store.load());
 * // undefined
 * ```
 */
export function checkpointDirectory(
  path: string,
  options: CheckpointDirectoryOptions = {},
): CheckpointDirectory {
  checkName(where, 'path', path);
  checkOptions(where, options, ['keep']);
  const { keep = 2 } = options;
  checkInteger(where, 'options.keep', keep, 1);
  return {
    save: async (files) => {
      const temporary = join(path, `${writing}${String(process.pid)}`);
      try {
        await mkdir(path, { recursive: true });
        const numbers = await numbersIn(path);
        await removeLeftovers(path);
        await writeAll(temporary, files);
        await rename(temporary, directoryOf(path, (numbers.at(-1) ?? 0) + 1));
        await sync(path);
        const own = await Promise.all(numbers.map((number) => isOwn(directoryOf(path, number))));
        const kept = numbers.filter((_, index) => own[index]);
        for (const number of kept.slice(0, Math.max(0, kept.length + 1 - keep))) {
          const old = join(path, `${removing}${String(number)}`);
          await rename(directoryOf(path, number), old);
          await removeOwn(old);
        }
      } catch (error) {
        await removeOwn(temporary).catch(() => undefined);
        throw failed('KD_FILE_WRITE', path, 'a directory that can be written to', error);
      }
    },
    load: async () => {
      try {
        const newest = (await numbersIn(path)).at(-1);
        return newest === undefined ? undefined : await readAll(directoryOf(path, newest));
      } catch (error) {
        throw failed('KD_FILE_READ', path, 'a directory that can be read', error);
      }
    },
    remove: async () => {
      try {
        for (const number of await numbersIn(path)) await removeOwn(directoryOf(path, number));
        await removeLeftovers(path);
        await rmdir(path);
      } catch (error) {
        if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) return;
        throw failed('KD_FILE_WRITE', path, 'a directory that can be written to', error);
      }
    },
  };
}

function directoryOf(path: string, number: number): string {
  return join(path, `checkpoint-${String(number).padStart(6, '0')}`);
}

/** Numbers of the checkpoints in a directory, rising; none if there is no such directory. */
async function numbersIn(path: string): Promise<number[]> {
  const names = await readdir(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** What a process that was killed has left. */
async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    if (/^\.(?:writing|removing)-\d+$/.test(name)) await removeOwn(join(path, name));
  }
}

async function writeAll(directory: string, files: CheckpointFiles): Promise<void> {
  await makeOwn(directory);
  for (const [name, content] of Object.entries(files)) {
    const file = await open(join(directory, name), 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await sync(directory);
}

/** Brings the entries of a directory to disk, where the system can. */
async function sync(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readAll(directory: string): Promise<StoredCheckpoint> {
  const names = await filesOf(directory);
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(directory, name))] as const),
  );
  return { name: directory, files: Object.fromEntries(files) };
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string }).code;
}

function failed(
  code: 'KD_FILE_WRITE' | 'KD_FILE_READ',
  path: string,
  expected: string,
  cause: unknown,
): KdError {
  return new KdError({
    code,
    where,
    argument: 'path',
    expected,
    received: `${JSON.stringify(path)} (${cause instanceof Error ? cause.message : String(cause)})`,
    remedy: 'Check permissions and free space; the checkpoints that were there are as they were.',
    cause,
  });
}
