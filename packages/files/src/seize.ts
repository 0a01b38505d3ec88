import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from './describe-fault.js';
import { isStale, parseOwner, textOfOwner } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import { writeSynced } from './sync.js';
import { removeTemporaries } from './temporary-files.js';

/** The name of the lock in its directory. Those who ask for it add their token, those who replace the lock of a dead owner `after-` and its token. */
export const lockName = '.kd-lock';

// For a name at which nothing can be read and nothing be made, such as a link that leads nowhere.
const attempts = 100;

/**
 * Makes the file of a lock ours and gives undefined, or gives the text of the one that is there.
 *
 * No call of the system replaces a file only if it is still the one that was read. So whoever finds a dead owner first seizes, in this same
 * way, a second lock that is named after that owner's token: its holder alone may replace the lock of that owner. If it dies too, the
 * second lock is one of a dead owner like the first. At each moment one process holds the lock, and a token never comes back.
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
      // While the lock still has the token: without it nobody would know whose they are.
      await removeTemporaries(directory, owner.token);
      await replace(file, own);
      return undefined;
    } finally {
      await rm(guard, { force: true });
    }
  }
  return '';
}

/** The text of a small file; empty for any other, undefined if there is none. */
export async function smallText(file: string): Promise<string | undefined> {
  try {
    return (await stat(file)).size < 10_000 ? await readFile(file, 'utf8') : '';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : '';
  }
}

/** Creates a lock with its content, in one step: a process that is killed leaves no lock without an owner. */
async function create(file: string, own: LockOwner): Promise<boolean> {
  return withMark(file, own, async (mark) => {
    try {
      await link(mark, file);
      return true;
    } catch (error) {
      // ENOENT: the holder of the lock, which does not see this process, has taken the mark for a leftover.
      if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
      if (['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error))) return createInTwo(file, own);
      throw error;
    }
  });
}

/** The same on a file system without second names for a file, where a kill in between has to be cleared up by hand. */
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

/** Runs `body` with a file that names the owner. On disk: a lock that a power failure empties would name nobody, for ever. */
async function withMark<T>(file: string, own: LockOwner, body: (mark: string) => Promise<T>): Promise<T> {
  const mark = join(dirname(file), `${lockName}-${own.token}`);
  try {
    await writeSynced(mark, [textOfOwner(own)]);
    return await body(mark);
  } finally {
    // If that fails, whoever holds the lock next removes it.
    await rm(mark, { force: true }).catch(() => undefined);
  }
}
