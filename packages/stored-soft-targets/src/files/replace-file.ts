import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How temporary files begin; one that is there without a writer was left by a process that is gone. */
export const temporaryPrefix = '.writing-';

/** Whether a file was left behind by a write that was cut off. */
export function isLeftover(name: string): boolean {
  return name.startsWith(temporaryPrefix);
}

/** Puts a file into place as a whole: whoever looks sees the old one or the new one, after a power failure too. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const directory = dirname(file);
  const temporary = join(directory, `${temporaryPrefix}${randomBytes(6).toString('hex')}`);
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
