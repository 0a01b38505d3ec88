import { KdError } from '@kd/core';

const meanings: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a read-only file system',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'no space left in the quota',
  ENOTDIR: 'a path that leads through a file',
  EEXIST: 'a file of that name',
  EISDIR: 'a directory of that name',
  ENOENT: 'no such file',
};

const full = ['ENOSPC', 'EDQUOT'];

/** The code of a failed call of the file system, `ENOENT`; empty for another error. */
export function codeOf(error: unknown): string {
  return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
}

/** What a failed call of the file system says: `no such file (ENOENT)`. */
export function describeFault(error: unknown): string {
  const code = codeOf(error);
  const meaning = meanings[code];
  return meaning === undefined ? String(error) : `${meaning} (${code})`;
}

/** Runs `body`, in which a failed call of the file system becomes `KD_DISK_FULL` or `KD_FILE_WRITE`. */
export async function withWriteFaults<T>(
  where: string,
  directory: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (KdError.isInstance(error) || codeOf(error) === '') throw error;
    const isFull = full.includes(codeOf(error));
    throw new KdError({
      code: isFull ? 'KD_DISK_FULL' : 'KD_FILE_WRITE',
      where,
      argument: 'options.out',
      expected: isFull
        ? 'on a disk with room for the soft targets'
        : 'a directory, there or not, that can be written',
      received: `${JSON.stringify(directory)}: ${describeFault(error)}`,
      remedy: isFull
        ? 'Free some space and run the same again: what is stored already is kept.'
        : 'Choose another directory, or change its permissions; what is stored already is kept.',
      cause: error,
    });
  }
}

/** The error `KD_FILE_READ` for a directory or file that cannot be read. */
export function readFault(where: string, file: string, cause: unknown): KdError {
  return new KdError({
    code: 'KD_FILE_READ',
    where,
    argument: JSON.stringify(file),
    expected: 'readable',
    received: describeFault(cause),
    remedy: 'Check the path and its permissions.',
    cause,
  });
}

/** The error `KD_TARGETS_DAMAGED`, naming the file. */
export function damaged(
  where: string,
  file: string,
  expected: string,
  received: string,
  cause?: unknown,
): KdError {
  return new KdError({
    code: 'KD_TARGETS_DAMAGED',
    where,
    argument: JSON.stringify(file),
    expected,
    received,
    remedy:
      'Copy the file again from where it is whole, or delete the directory it is in and store its targets anew.',
    cause,
  });
}
