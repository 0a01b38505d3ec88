import { KdError } from '@kd/core';

/** Throws `KD_OPTION_TYPE` unless exactly one of the values of `given` is defined. */
export function checkExactlyOne(
  where: string,
  argument: string,
  given: Readonly<Record<string, unknown>>,
): void {
  const defined = Object.values(given).filter((value) => value !== undefined).length;
  if (defined === 1) return;
  const names = Object.keys(given);
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: `an object with exactly one of ${names.join(', ')}`,
    received: defined === 0 ? 'neither' : 'both',
    remedy: `Give ${names.join(' or ')}, whichever is to be counted.`,
  });
}
