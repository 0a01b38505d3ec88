import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { KdError } from '@kd/core';
import { codeOf } from './file-fault.js';
import { newToken, removeTemporaries, signedTemporaries, temporaryName } from './temporary-files.js';

const lockName = '.lock';
/** The locks that this process holds or asks for. */
const held = new Set<string>();

/**
 * Runs `body` as the only writer of a directory, of all processes; `KD_TARGETS_BUSY` if there is another one.
 *
 * The lock says who holds it, with a token that the names of all temporary files begin with: what a killed run has left is known by the lock
 * that it has left, and nothing else is removed. `body` is given the token.
 */
export async function withLock<T>(
  where: string,
  directory: string,
  body: (token: string) => Promise<T>,
): Promise<T> {
  const token = newToken();
  const owner = `${hostname()} ${String(process.pid)} ${token}`;
  // For as long as the lock is there: one that this process does not know of would be taken for a leftover.
  held.add(owner);
  try {
    await take(where, directory, { owner, token });
    return await body(token).finally(() => release(directory, token).catch(() => undefined));
  } finally {
    held.delete(owner);
  }
}

async function take(
  where: string,
  directory: string,
  own: { readonly owner: string; readonly token: string },
): Promise<void> {
  const file = join(directory, lockName);
  // The second attempt is for a lock that was stale.
  for (const attempt of [1, 2]) {
    if (await create(directory, file, own)) {
      for (const { file: left, owner } of await signedTemporaries(directory))
        if (isStale(owner)) await rm(left, { force: true });
      return;
    }
    const other = await readFile(file, 'utf8').catch(() => '');
    if (attempt === 2 || !isStale(other)) throw busy(where, directory, file, other);
    await removeStale(directory, file, other);
  }
}

/** Creates the lock with its content, in one step: a process that is killed leaves no lock without an owner. */
async function create(
  directory: string,
  file: string,
  { owner, token }: { readonly owner: string; readonly token: string },
): Promise<boolean> {
  const temporary = join(directory, temporaryName(token));
  await writeFile(temporary, owner);
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    // ENOENT: a run that does not see this process takes the file for a leftover.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function release(directory: string, token: string): Promise<void> {
  await removeTemporaries(directory, token);
  await rm(join(directory, lockName), { force: true });
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

/** Removes a stale lock and what its run has left, and no other lock that was put in its place meanwhile. */
async function removeStale(directory: string, file: string, owner: string): Promise<void> {
  const token = owner.split(' ')[2] ?? '';
  // While the lock is still there: without it nobody would know whose they are.
  if (/^[0-9a-f]{12}$/.test(token)) await removeTemporaries(directory, token);
  const aside = join(directory, temporaryName(token));
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
