import { describeValue, KdError } from '@kd/core';

/** Throws unless `value` is a number in [0, 1): what is kept of an average in a step, and not all of it. */
export function checkDecayRate(where: string, argument: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && value >= 0 && value < 1) return;
  throw new KdError({
    code: typeof value === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'a number in [0, 1)',
    received: describeValue(value),
    remedy: 'Values near 1 remember longer: 0.9 about ten steps, 0.999 a thousand.',
  });
}
