import { KdError } from '@kd/core';
import { codeOf, describeFault, isDiskFull, remedyOf } from './describe-fault.js';

/** A directory to write to, and what errors say about it. */
export interface WritePlace {
  /** The function that writes: `storeSoftTargets`. */
  readonly where: string;
  /** Its argument that names the directory: `options.out`. */
  readonly argument: string;
  readonly directory: string;
  /** What the argument must be, if not a writable directory. */
  readonly expected?: string;
  /** What is safe even though the write failed: `what is stored already is kept`. */
  readonly kept: string;
}

/**
 * Runs `body`, and turns a failed file-system call in it into a `KdError`.
 *
 * @param place the directory, and what errors say about it
 * @param body the work to do
 * @returns the result of `body`
 * @throws `KD_DISK_FULL` if the disk or quota is full, `KD_FILE_WRITE` for any other failed call; other
 *   errors unchanged
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
export async function withWriteFaults<T>(place: WritePlace, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    return throwWriteFault(place, error);
  }
}

/** The same for calls that do not wait: `writeSync`. */
export function withWriteFaultsSync<T>(place: WritePlace, body: () => T): T {
  try {
    return body();
  } catch (error) {
    return throwWriteFault(place, error);
  }
}

function throwWriteFault(
  { where, argument, directory, expected = 'a writable directory, existing or new', kept }: WritePlace,
  error: unknown,
): never {
  if (KdError.isInstance(error) || codeOf(error) === '') throw error;
  const isFull = isDiskFull(error);
  throw new KdError({
    code: isFull ? 'KD_DISK_FULL' : 'KD_FILE_WRITE',
    where,
    argument,
    expected: isFull ? 'on a disk with free space' : expected,
    received: `${JSON.stringify(directory)}: ${describeFault(error)}`,
    remedy: `${remedyOf(error)}; ${kept}.`,
    cause: error,
  });
}

/** The fault of a file that was to be read. */
export interface ReadFault {
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** The error `KD_FILE_READ` for a file with the wrong content. */
export function readFault(where: string, file: string, fault: ReadFault): KdError {
  return new KdError({ code: 'KD_FILE_READ', where, argument: JSON.stringify(file), ...fault });
}

/** The error `KD_FILE_READ` for a failed file-system call. For missing permissions it replaces `remedy`. */
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
