import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryName } from './temporary-files.js';

/** Puts a file into place as a whole, in the run with this token: whoever looks sees the old one or the new one, after a power failure too. */
export async function replaceFile(file: string, content: string | Uint8Array, token: string): Promise<void> {
  const directory = dirname(file);
  const temporary = join(directory, temporaryName(token));
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(directory);
}

/** Brings the names in a directory to disk, where the system can say so: Windows opens no directories. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close().catch(() => undefined);
}
