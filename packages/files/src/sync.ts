import { open } from 'node:fs/promises';
import { codeOf } from './describe-fault.js';

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

// Windows opens no directories, and some file systems do not sync them.
const cannot = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'];

/** Returns when the names in a directory are on the disk, where the system can do that: a file that was renamed has its new name only then. */
export async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!cannot.includes(codeOf(error))) throw error;
  }
}
