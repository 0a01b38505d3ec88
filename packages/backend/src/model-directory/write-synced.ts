import { open } from 'node:fs/promises';

/** Writes a new file and returns when its bytes are on the disk. */
export async function writeSynced(file: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Returns when the names in a directory are on the disk, where the system can say so: Windows opens no directories. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close().catch(() => undefined);
}
