import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory, writeSynced } from './sync.js';
import { newToken, temporaryName } from './temporary-files.js';

/**
 * Writes a file atomically: readers see the old content or the new one, even after a power failure.
 *
 * It writes under another name, syncs the file, renames it, and syncs the directory.
 *
 * @param file its path; the directory must exist
 * @param content text or bytes
 * @param token the token of the lock that the run holds on the directory; whoever takes the lock after a kill
 *   removes the half-written file
 * @returns when the file is on the disk
 * @throws the system's error; the old file is unchanged unless only the last sync failed
 *
 * @example
 * ```ts
 * import { replaceFile } from '@kd/files';
 * import { mkdtemp, readFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const file = join(await mkdtemp(join(tmpdir(), 'kd-')), 'results.json');
 * await replaceFile(file, '[1]');
 * await replaceFile(file, '[1, 2]');
 * console.log(await readFile(file, 'utf8'));
 * // [1, 2]
 * ```
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  token: string = newToken(),
): Promise<void> {
  const directory = dirname(file);
  const temporary = join(directory, temporaryName(token));
  try {
    await writeSynced(temporary, [content]);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(directory);
}
