import { open } from 'node:fs/promises';
import { codeOf } from './describe-fault.js';

/** Writes a new file and returns once its bytes are on disk. */
export async function writeSynced(file: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

// Windows cannot open directories, and some file systems cannot sync them.
const cannot = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM'];

/**
 * Returns once the names in a directory are on disk, if the system can do that. Only then is a rename
 * permanent.
 */
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
