import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KdError } from '@kd/core';
import { giveUp, isStale, ownerHere, parseOwner, textOfOwner } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import { lockName, seize, smallText } from './seize.js';
import { newToken, removeTemporaries } from './temporary-files.js';

/** A directory that one process at a time writes to, and what errors say about it. */
export interface LockPlace {
  /** The function that writes: `storeSoftTargets`. */
  readonly where: string;
  /** Its argument that names the directory: `options.out`. */
  readonly argument: string;
  readonly directory: string;
}

/** A lock that this process holds. */
export interface Lock {
  /** Pass this to `replaceFile`. */
  readonly token: string;
  /** Releases the lock, and removes the temporary files with its token. Never rejects. */
  readonly release: () => Promise<void>;
}

/**
 * Makes this process the only writer of a directory until the lock is released or the process ends.
 *
 * The lock is the file `.kd-lock`, which names the machine, the process and its start time. The process holds
 * it as long as it exists, even stopped or busy. If the process is killed, the next one takes the lock over
 * at once and removes its temporary files. A lock from another machine is never taken over, because its
 * processes are not visible from here.
 *
 * @param place the directory, created if missing, and what errors say about it
 * @returns the lock
 * @throws rejects with `KD_FILE_BUSY`, naming machine and process, if another process or another part of this
 *   one holds the lock; and with the system's error if the directory is not writable
 *
 * @example
 * ```ts
 * import { takeLock } from '@kd/files';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const place = { where: 'store', argument: 'path', directory: await mkdtemp(join(tmpdir(), 'kd-')) };
 * const lock = await takeLock(place);
 * await takeLock(place).catch((error) => console.log(error.code));
 * // KD_FILE_BUSY
 * await lock.release();
 * ```
 */
export async function takeLock(place: LockPlace): Promise<Lock> {
  const { directory } = place;
  const file = join(directory, lockName);
  const token = newToken();
  const own = await ownerHere(token);
  await mkdir(directory, { recursive: true });
  let other: string | undefined;
  try {
    other = await seize(file, own);
  } catch (error) {
    await free(directory, file, own);
    giveUp(token);
    throw error;
  }
  if (other !== undefined) throw busy(place, file, parseOwner(other));
  const release = (): Promise<void> => free(directory, file, own);
  try {
    await removeMarks(directory, own);
  } catch (error) {
    await release();
    throw error;
  }
  return { token, release };
}

/** Runs `body` as the only writer of a directory; see `takeLock`. `body` receives the token of the lock. */
export async function withLock<T>(place: LockPlace, body: (token: string) => Promise<T>): Promise<T> {
  const { token, release } = await takeLock(place);
  try {
    return await body(token);
  } finally {
    await release();
  }
}

async function free(directory: string, file: string, own: LockOwner): Promise<void> {
  try {
    await removeTemporaries(directory, own.token);
    // A user may have deleted the lock, believing that this process is gone, and another process may hold it
    // now.
    if ((await smallText(file)) === textOfOwner(own)) await rm(file, { force: true });
  } catch {
    giveUp(own.token);
  }
}

/** Removes the files of processes that were killed while requesting the lock. */
async function removeMarks(directory: string, own: LockOwner): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!/^\.kd-lock-(?:after-)?[0-9a-f]{12}$/.test(name)) continue;
    const mark = join(directory, name);
    const owner = parseOwner((await smallText(mark)) ?? '');
    // A file without an owner was still being written. If its process is alive, it will find the lock taken.
    if (owner === undefined || owner.token === own.token || (await isStale(owner)))
      await rm(mark, { force: true });
  }
}

function busy(
  { where, argument, directory }: LockPlace,
  file: string,
  owner: LockOwner | undefined,
): KdError {
  const holder = owner === undefined ? 'an unknown process' : `process ${String(owner.pid)} on ${owner.host}`;
  return new KdError({
    code: 'KD_FILE_BUSY',
    where,
    argument,
    expected: 'a directory without another writer',
    received: `${JSON.stringify(directory)}, in use by ${holder}`,
    remedy: `Wait for it, or choose another directory. If you are certain that this process is gone, delete ${JSON.stringify(file)}.`,
  });
}
