import { rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { optionsOf, text, whole } from '@kd/core';
import { accessFault, codeOf, inTurn, takeLock, withLock, withWriteFaults } from '@kd/files';
import type { Lock } from '@kd/files';
import { isThere, readNewest, removeAll, removeLeftovers, writeNext } from './checkpoints-on-disk.js';
import type { CheckpointStore } from './store.js';

/** Options of `checkpointDirectory`. */
export interface CheckpointDirectoryOptions {
  /** How many checkpoints to keep, a whole number >= 1; default 2. */
  readonly keep?: number;
}

/** Checkpoints in a directory. */
export interface CheckpointDirectory extends CheckpointStore {
  lock(): Promise<() => Promise<void>>;
  /**
   * Removes the checkpoints once a training is over and its result saved, and the directory if nothing else
   * is in it.
   */
  remove(): Promise<void>;
}

const where = 'checkpointDirectory';

const directoryOptions = optionsOf<CheckpointDirectoryOptions>()({ keep: whole(1).default(2) });

/**
 * Keeps the checkpoints of a training in a directory, as `checkpoint-<n>/` with safetensors files, which
 * Python reads, and `manifest.json`.
 *
 * Each checkpoint is written to a directory under another name, flushed to disk with fsync, and then renamed.
 * If the process is killed or the disk is full, earlier checkpoints are untouched. Other people's files are
 * never removed, whatever their name. A training locks the directory from start to end; a save outside a
 * training locks it for itself. The saves of one process wait for each other. Loading needs no lock. The lock
 * of a killed process is taken over at once.
 *
 * @param path the directory; created when a training begins or the first checkpoint is written
 * @param options how many checkpoints to keep
 * @returns a store for the option `checkpoint` of `train`, `trainStages` and `trainInTwoStages`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`; its `lock`, `save` and `remove` reject
 *   with `KD_FILE_BUSY` if another training is using the directory, `KD_DISK_FULL` and `KD_FILE_WRITE`; its
 *   `load` rejects with `KD_FILE_READ`
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
  text.read({ where, argument: 'path' }, path);
  const { keep } = directoryOptions.read(where, options);
  // A later change of the working directory must not move the checkpoints.
  const directory = resolve(path);
  const place = { where, argument: 'path', directory, kept: 'earlier checkpoints are untouched' };
  let held: Lock | undefined;
  const alone = <T>(body: () => Promise<T>): Promise<T> =>
    withWriteFaults(place, () => inTurn(directory, body));
  const locked = (body: (token: string) => Promise<void>): Promise<void> =>
    held === undefined ? withLock(place, body) : body(held.token);
  return {
    lock: () =>
      alone(async () => {
        const lock = await takeLock(place);
        try {
          await removeLeftovers(directory);
        } catch (error) {
          await lock.release();
          throw error;
        }
        held = lock;
        return async () => {
          held = undefined;
          await lock.release();
        };
      }),
    save: (files) => alone(() => locked((token) => writeNext(directory, files, keep, token))),
    load: async () => {
      try {
        return await readNewest(directory);
      } catch (error) {
        throw accessFault(where, directory, error);
      }
    },
    remove: () =>
      alone(async () => {
        if (!(await isThere(directory))) return;
        await locked(() => removeAll(directory));
        await rmdir(directory).catch((error: unknown) => {
          if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
        });
      }),
  };
}
