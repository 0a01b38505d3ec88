import { describeValue, KdError } from '@kd/core';

/** Throws unless `power` is a finite number of at least 1. */
export function checkPower(where: string, power: unknown): asserts power is number {
  if (typeof power === 'number' && Number.isFinite(power) && power >= 1) return;
  throw new KdError({
    code: typeof power === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
    where,
    argument: 'options.power',
    expected: 'a finite number >= 1',
    received: describeValue(power),
    // |f|^p with p < 1 is infinitely steep at f = 0, where a ReLU leaves most features.
    remedy: 'Powers from 1 to 4 are usual.',
  });
}
