import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory, writeSynced } from './sync.js';
import { newToken, temporaryName } from './temporary-files.js';

/**
 * Writes a file as a whole: whoever looks, also after a power failure, sees the old one or the new one.
 *
 * It is written under another name, brought to disk, renamed, and its name brought to disk.
 *
 * @param file its path; the directory has to be there
 * @param content text or bytes
 * @param token that of the lock that the run holds on the directory: whoever takes the lock after a kill removes what was half written
 * @returns when the file is on the disk
 * @throws the error of the system; the old file is as it was, unless only the last sync failed
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
