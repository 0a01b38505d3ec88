import { KdError } from '@kd/core';
import { codeOf, describeFault, isDiskFull, remedyOf } from './describe-fault.js';

/** A directory that is written to, and what errors say of it. */
export interface WritePlace {
  /** The function that writes: `storeSoftTargets`. */
  readonly where: string;
  /** Its argument that names the directory: `options.out`. */
  readonly argument: string;
  readonly directory: string;
  /** What is safe although the write failed: `what is stored already is kept`. */
  readonly kept: string;
}

/**
 * Runs `body`, in which a failed call to the file system becomes a `KdError`.
 *
 * @param place the directory, and what errors say of it
 * @param body what is to be done
 * @returns what `body` gives
 * @throws `KD_DISK_FULL` where the disk or the quota is full, `KD_FILE_WRITE` for any other failed call; other errors as they are
 *
 * @example
 * ```ts
 * import { withWriteFaults } from '@kd/files';
 * import { mkdir } from 'node:fs/promises';
 * const place = { where: 'save', argument: 'path', directory: '/dev/null/x', kept: 'nothing was lost' };
 * await withWriteFaults(place, () => mkdir(place.directory)).catch((error) => console.log(error.code));
 * // KD_FILE_WRITE
 * ```
 */
export async function withWriteFaults<T>(
  { where, argument, directory, kept }: WritePlace,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (KdError.isInstance(error) || codeOf(error) === '') throw error;
    const isFull = isDiskFull(error);
    throw new KdError({
      code: isFull ? 'KD_DISK_FULL' : 'KD_FILE_WRITE',
      where,
      argument,
      expected: isFull ? 'on a disk with room' : 'a directory, there or not, that can be written',
      received: `${JSON.stringify(directory)}: ${describeFault(error)}`,
      remedy: `${remedyOf(error)}; ${kept}.`,
      cause: error,
    });
  }
}

/** What is wrong with a file that was to be read. */
export interface ReadFault {
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** The error `KD_FILE_READ` for a file that is not what it must be. */
export function readFault(where: string, file: string, fault: ReadFault): KdError {
  return new KdError({ code: 'KD_FILE_READ', where, argument: JSON.stringify(file), ...fault });
}

/** The error `KD_FILE_READ` for a failed call to the file system, with what helps unless permissions are missing. */
export function accessFault(
  where: string,
  file: string,
  cause: unknown,
  remedy = `${remedyOf(cause)}.`,
): KdError {
  const isDenied = ['EACCES', 'EPERM'].includes(codeOf(cause));
  return readFault(where, file, {
    expected: 'readable',
    received: describeFault(cause),
    remedy: isDenied ? `${remedyOf(cause)}.` : remedy,
    cause,
  });
}
