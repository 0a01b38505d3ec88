import { describeValue, KdError } from '@kd/core';

/** Throws `KD_OPTION_TYPE` or `KD_OPTION_RANGE` unless `value` is a finite number or a function. */
export function checkValue(where: string, argument: string, value: unknown): void {
  if (typeof value === 'function' || Number.isFinite(value)) return;
  throw new KdError({
    code: typeof value === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'a finite number or a schedule',
    received: describeValue(value),
    remedy: 'Pass a number, or what a function of this package returns.',
  });
}
