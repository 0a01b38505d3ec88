import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from './describe-fault.js';
import { isStale, parseOwner, textOfOwner } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import { writeSynced } from './sync.js';
import { removeTemporaries } from './temporary-files.js';

/**
 * The name of the lock in its directory. Processes requesting the lock append their token; processes
 * replacing a dead owner's lock append `after-` and that owner's token.
 */
export const lockName = '.kd-lock';

// For a name that can neither be read nor created, such as a dangling link.
const attempts = 100;

/**
 * Takes the lock file and returns undefined, or returns the text of the existing lock.
 *
 * No system call replaces a file only if it is unchanged since it was read. So a process that finds a dead
 * owner first takes a second lock in the same way, named after that owner's token. Only its holder may
 * replace the dead owner's lock. If that holder dies too, the second lock has a dead owner like the first. At
 * each moment one process holds the lock, and tokens are never reused.
 */
export async function seize(file: string, own: LockOwner): Promise<string | undefined> {
  const directory = dirname(file);
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (await create(file, own)) return undefined;
    const there = await smallText(file);
    if (there === undefined) continue;
    const owner = parseOwner(there);
    if (owner === undefined || !(await isStale(owner))) return there;
    const guard = join(directory, `${lockName}-after-${owner.token}`);
    const rival = await seize(guard, own);
    if (rival !== undefined) return rival;
    try {
      if ((await smallText(file)) !== there) continue;
      // Remove them while the lock still has the token; without it nobody would know whose files they are.
      await removeTemporaries(directory, owner.token);
      await replace(file, own);
      return undefined;
    } finally {
      await rm(guard, { force: true });
    }
  }
  return '';
}

/** The text of a small file; empty for any other file, undefined if there is none. */
export async function smallText(file: string): Promise<string | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() && found.size < 10_000 ? await readFile(file, 'utf8') : '';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : '';
  }
}

/** Creates a lock and its content in one step, so that a killed process leaves no lock without an owner. */
async function create(file: string, own: LockOwner): Promise<boolean> {
  return withMark(file, own, async (mark) => {
    try {
      await link(mark, file);
      return true;
    } catch (error) {
      // ENOENT: the holder of the lock cannot see this process, and removed the mark as a leftover.
      if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
      if (['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) return createInTwo(file, own);
      throw error;
    }
  });
}

/** The same on a file system without hard links. A kill between the two steps needs clearing up by hand. */
async function createInTwo(file: string, own: LockOwner): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(textOfOwner(own)).finally(() => handle.close());
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function replace(file: string, own: LockOwner): Promise<void> {
  await withMark(file, own, (mark) => rename(mark, file));
}

/**
 * Runs `body` with a file that names the owner. The file is synced: a lock emptied by a power failure would
 * name nobody, for ever.
 */
async function withMark<T>(file: string, own: LockOwner, body: (mark: string) => Promise<T>): Promise<T> {
  const mark = join(dirname(file), `${lockName}-${own.token}`);
  try {
    await writeSynced(mark, [textOfOwner(own)]);
    return await body(mark);
  } finally {
    // If that fails, the next holder of the lock removes it.
    await rm(mark, { force: true }).catch(() => undefined);
  }
}
