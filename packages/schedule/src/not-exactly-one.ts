import { KdError } from '@kd/core';

/** The error if both or neither of two options are given, but exactly one is needed. */
export function notExactlyOne(
  where: string,
  argument: string,
  names: readonly [string, string],
  both: boolean,
): KdError {
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: `an object with exactly one of ${names.join(', ')}`,
    received: both ? 'both' : 'neither',
    remedy: `Give ${names.join(' or ')}, but not both.`,
  });
}
