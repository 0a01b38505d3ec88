import { KdError } from '@kd/core';
import { codeOf, describeFault } from '../model-directory/file-fault.js';
import { where } from './where.js';
import { diskFull } from './disk-space.js';

/** Runs `body`, in which a failed call of the file system becomes `KD_DISK_FULL`, or `KD_FILE_WRITE` with this remedy. */
export async function withFileFaults<T>(
  directory: string,
  remedy: string,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (KdError.isInstance(error) || codeOf(error) === '') throw error;
    if (['ENOSPC', 'EDQUOT'].includes(codeOf(error)))
      throw diskFull(directory, 'room for TensorFlow', describeFault(error), error);
    throw new KdError({
      code: 'KD_FILE_WRITE',
      where,
      argument: JSON.stringify(directory),
      expected: 'a directory that can be written',
      received: describeFault(error),
      remedy,
      cause: error,
    });
  }
}
