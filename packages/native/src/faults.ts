import { KdError } from '@kd/core';
import type { KdErrorParts } from '@kd/core';

/** An error of the command. */
export function fault(parts: Omit<KdErrorParts, 'where'>): KdError {
  return new KdError({ where: '@kd/native install', ...parts });
}

/** The error for a disk without space. */
export function diskFull(directory: string, expected: string, received: string, cause?: unknown): KdError {
  return fault({
    code: 'KD_DISK_FULL',
    argument: `the disk of ${JSON.stringify(directory)}`,
    expected: `one with ${expected}`,
    received,
    remedy:
      'Free some space and run the same command, which goes on from here, or choose another disk with --cache.',
    cause,
  });
}

/** Runs `body`, in which a failed call of the file system becomes `KD_DISK_FULL`, or `KD_FILE_WRITE` with this remedy. */
export async function withFileFaults<T>(
  directory: string,
  remedy: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    if (KdError.isInstance(cause) || codeOf(cause) === '') throw cause;
    if (['ENOSPC', 'EDQUOT'].includes(codeOf(cause)))
      throw diskFull(directory, 'room for TensorFlow', describeFault(cause), cause);
    throw fault({
      code: 'KD_FILE_WRITE',
      argument: JSON.stringify(directory),
      expected: 'a directory that can be written',
      received: describeFault(cause),
      remedy,
      cause,
    });
  }
}

const meanings: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a read-only file system',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'no space left in the quota',
  EEXIST: 'a file of that name',
  ENOTDIR: 'a path that leads through a file',
  EISDIR: 'a directory of that name',
  ENOENT: 'no such file',
};

function describeFault(error: unknown): string {
  const meaning = meanings[codeOf(error)];
  return meaning === undefined ? String(error) : `${meaning} (${codeOf(error)})`;
}

/** The code of a failed call of the file system, `ENOENT`; empty for another error. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
}
