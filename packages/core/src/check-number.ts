import { describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';

function checkNumber(
  where: string,
  argument: string,
  value: unknown,
  expected: string,
  inDomain: (value: number) => boolean,
  remedy: string,
): asserts value is number {
  if (typeof value === 'number' && inDomain(value)) return;
  const code = typeof value === 'number' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE';
  throw new KdError({ code, where, argument, expected, received: describeValue(value), remedy });
}

/** Throws `KD_OPTION_TYPE` or `KD_OPTION_RANGE` unless `value` is a finite number above zero. */
export function checkPositive(where: string, argument: string, value: unknown): asserts value is number {
  checkNumber(
    where,
    argument,
    value,
    'a finite number > 0',
    (x) => Number.isFinite(x) && x > 0,
    'Pass a positive number.',
  );
}

/** Throws unless `value` is a finite number of at least zero. */
export function checkNonNegative(where: string, argument: string, value: unknown): asserts value is number {
  checkNumber(
    where,
    argument,
    value,
    'a finite number >= 0',
    (x) => Number.isFinite(x) && x >= 0,
    'Pass zero or a positive number.',
  );
}

/** Throws unless `value` is a finite number. */
export function checkFinite(where: string, argument: string, value: unknown): asserts value is number {
  checkNumber(
    where,
    argument,
    value,
    'a finite number',
    Number.isFinite,
    'Pass a number that is not NaN or infinite.',
  );
}

/** Throws unless `value` is a number in [0, 1]. */
export function checkFraction(where: string, argument: string, value: unknown): asserts value is number {
  checkNumber(where, argument, value, 'a number in [0, 1]', (x) => x >= 0 && x <= 1, 'Pass a fraction.');
}

/** Throws unless `value` is a whole number of at least `minimum`. */
export function checkInteger(
  where: string,
  argument: string,
  value: unknown,
  minimum: number,
): asserts value is number {
  checkNumber(
    where,
    argument,
    value,
    `a whole number >= ${String(minimum)}`,
    (x) => Number.isSafeInteger(x) && x >= minimum,
    'Pass a whole number.',
  );
}
