import { readFile } from 'node:fs/promises';
import { KdError } from '@kd/core';

/** What an earlier run has left in a file; undefined if there is none. */
export async function keptIn<Kept>(
  where: string,
  file: string,
  decode: (bytes: Buffer) => Kept,
): Promise<Kept | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return decode(bytes);
  } catch (cause) {
    throw new KdError({
      code: 'KD_FILE_READ',
      where,
      argument: JSON.stringify(file),
      expected: 'what an earlier run has written',
      received: `${String(bytes.length)} bytes that cannot be decoded`,
      remedy: 'Delete the file: what was in it is run again.',
      cause,
    });
  }
}
