import { KdError } from '@kd/core';
import type { KdErrorParts } from '@kd/core';
import { codeOf, describeFault, isDiskFull } from '@kd/files';

/** An error of the command. */
export function fault(parts: Omit<KdErrorParts, 'where'>): KdError {
  return new KdError({ where: '@kd/native install', ...parts });
}

/** The error for a disk without space. */
export function diskFull(directory: string, expected: string, received: string, cause?: unknown): KdError {
  return fault({
    code: 'KD_DISK_FULL',
    argument: `the disk of ${JSON.stringify(directory)}`,
    expected: `a disk with ${expected}`,
    received,
    remedy:
      'Free some space and run the same command, which continues from here, or choose another disk with --cache.',
    cause,
  });
}

/**
 * Runs `body`, and turns a failed file-system call in it into `KD_DISK_FULL`, or `KD_FILE_WRITE` with this
 * remedy.
 */
export async function withFileFaults<T>(
  directory: string,
  remedy: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    if (KdError.isInstance(cause) || codeOf(cause) === '') throw cause;
    if (isDiskFull(cause)) throw diskFull(directory, 'room for TensorFlow', describeFault(cause), cause);
    throw fault({
      code: 'KD_FILE_WRITE',
      argument: JSON.stringify(directory),
      expected: 'a writable directory',
      received: describeFault(cause),
      remedy,
      cause,
    });
  }
}
