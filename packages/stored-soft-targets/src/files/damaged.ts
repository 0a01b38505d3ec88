import { KdError } from '@kd/core';

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
