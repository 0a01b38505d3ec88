import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { KdError } from '@kd/core';
import { codeOf } from './file-fault.js';
import { temporaryPrefix } from './replace-file.js';

const lockName = '.lock';
/** The locks that this process holds or asks for. */
const held = new Set<string>();

/** Runs `body` as the only writer of a directory, of all processes; `KD_TARGETS_BUSY` if there is another one. */
export async function withLock<T>(where: string, directory: string, body: () => Promise<T>): Promise<T> {
  const file = join(directory, lockName);
  const owner = `${hostname()} ${String(process.pid)} ${randomBytes(6).toString('hex')}`;
  // For as long as the lock is there: one that this process does not know of would be taken for a leftover.
  held.add(owner);
  try {
    await take(where, directory, file, owner);
    return await body().finally(() => rm(file, { force: true }).catch(() => undefined));
  } finally {
    held.delete(owner);
  }
}

async function take(where: string, directory: string, file: string, owner: string): Promise<void> {
  // The second attempt is for a lock that was stale.
  for (const attempt of [1, 2]) {
    if (await create(directory, file, owner)) return;
    const other = await readFile(file, 'utf8').catch(() => '');
    if (attempt === 2 || !isStale(other)) throw busy(where, directory, file, other);
    await removeStale(file, other);
  }
}

/** Creates the lock with its content, in one step: a process that is killed leaves no lock without an owner. */
async function create(directory: string, file: string, owner: string): Promise<boolean> {
  const temporary = join(directory, `${temporaryPrefix}${randomBytes(6).toString('hex')}`);
  await writeFile(temporary, owner);
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    // ENOENT: the one that holds the lock takes this file for a leftover.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Whether the process of a lock is gone. Of a process on another machine that cannot be known. */
function isStale(owner: string): boolean {
  const [host, pid] = owner.split(' ');
  if (host !== hostname() || pid === undefined) return false;
  // In a container the process that is started again has the id of the killed one.
  if (Number(pid) === process.pid) return !held.has(owner);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) !== 'EPERM';
  }
}

/** Removes a stale lock, and no other one that was put in its place meanwhile. */
async function removeStale(file: string, owner: string): Promise<void> {
  const aside = `${file}-${randomBytes(6).toString('hex')}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== owner) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

function busy(where: string, directory: string, file: string, owner: string): KdError {
  const [host = 'another machine', pid = '?'] = owner.split(' ');
  return new KdError({
    code: 'KD_TARGETS_BUSY',
    where,
    argument: 'options.out',
    expected: 'a directory that no other run writes to',
    received: `${JSON.stringify(directory)}, in use by process ${pid} of ${host}`,
    remedy: `Wait for it, or choose another directory or shard; if that process is gone, delete ${JSON.stringify(file)}.`,
  });
}
