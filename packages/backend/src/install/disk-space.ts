import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { KdError } from '@kd/core';
import { where } from './where.js';

// The libraries and the wheels, and the largest wheel once more: pip moves it to its place by copying.
const needed = { cpu: 1.5e9, gpu: 9e9 } as const;

/** Throws `KD_DISK_FULL` unless a directory has room for what is still to be written there beside `partial`. */
export async function checkDiskSpace(directory: string, gpu: boolean, partial: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const missing = (gpu ? needed.gpu : needed.cpu) - (await bytesIn(partial));
  if (free >= missing) return;
  throw diskFull(directory, `${inGigabytes(missing)} free`, inGigabytes(free));
}

/** The error for a disk without space. */
export function diskFull(directory: string, expected: string, received: string, cause?: unknown): KdError {
  return new KdError({
    code: 'KD_DISK_FULL',
    where,
    argument: `the disk of ${JSON.stringify(directory)}`,
    expected: `one with ${expected}`,
    received,
    remedy:
      'Free some space and run the same command, which goes on from here, or choose another disk with --cache.',
    cause,
  });
}

/** The bytes of all files below a directory; files that disappear meanwhile count as none. */
export async function bytesIn(directory: string): Promise<number> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(files.map((file) => sizeOf(join(directory, file))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? found.size : 0;
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
