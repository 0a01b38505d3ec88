import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * Rejects if a path is a named pipe, a socket or a device: to open a pipe may wait for ever. Call it before
 * reading a file that another program may have put there.
 *
 * @param file its path; a directory passes, because reading one fails at once
 * @returns when it is known that reading the file ends
 * @throws the system's error, with the code `EFTYPE` for a pipe, a socket or a device
 *
 * @example
 * ```ts
 * import { checkRegularFile } from '@kd/files';
 * await checkRegularFile('/dev/null').catch((error) => console.log(error.code));
 * // EFTYPE
 * ```
 */
export async function checkRegularFile(file: string): Promise<void> {
  const found = await stat(file);
  if (found.isFile() || found.isDirectory()) return;
  throw Object.assign(new Error(`${JSON.stringify(file)} is not a regular file`), { code: 'EFTYPE' });
}

/** Opens a regular file to read it; rejects as `checkRegularFile` does. */
export async function openRegularFile(file: string): Promise<FileHandle> {
  await checkRegularFile(file);
  return open(file, 'r');
}
