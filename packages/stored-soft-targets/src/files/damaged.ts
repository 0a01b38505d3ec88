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
    remedy: 'Copy the file again from an intact source, or delete its directory and store the targets again.',
    cause,
  });
}
