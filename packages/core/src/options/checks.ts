import type { Schedule } from '../schedule.js';
import { check, optionFault } from './check.js';
import type { Check } from './check.js';
import { either } from './compound.js';

/** A value of a type, within a range: `like('an AbortSignal', (x) => x instanceof AbortSignal)`. */
export function like<V>(
  expected: string,
  isType: (value: unknown) => value is V,
  remedy = `Pass ${expected}.`,
  inDomain: (value: V) => boolean = () => true,
): Check<V> {
  return check(expected, (at, value) => {
    if (isType(value) && inDomain(value)) return value;
    throw optionFault(isType(value) ? 'RANGE' : 'TYPE', at, expected, value, remedy);
  });
}

/** A number within a range. */
export function numberIn(
  expected: string,
  inDomain: (value: number) => boolean,
  remedy?: string,
): Check<number> {
  return like(expected, (value) => typeof value === 'number', remedy, inDomain);
}

/** A finite number above zero. */
export const positive: Check<number> = numberIn(
  'a finite number > 0',
  (x) => Number.isFinite(x) && x > 0,
  'Pass a positive number.',
);

const temperatureLimit = 2 ** 63;

/**
 * A temperature T: the tensors have float32, in which 1/T and T² must neither overflow nor lose digits by
 * underflow.
 */
export const temperatureOption: Check<number> = numberIn(
  'a finite number > 0, from 2^-63 to 2^63',
  (x) => x >= 1 / temperatureLimit && x <= temperatureLimit,
  'Pass a temperature whose square float32 can represent; 1 to 20 is usual.',
);

/** A finite number of at least zero. */
export const nonNegative: Check<number> = numberIn(
  'a finite number >= 0',
  (x) => Number.isFinite(x) && x >= 0,
  'Pass zero or a positive number.',
);

/** A finite number. */
export const finite: Check<number> = numberIn('a finite number', Number.isFinite);

/** A number in [0, 1]. */
export const fraction: Check<number> = numberIn('a number in [0, 1]', (x) => x >= 0 && x <= 1);

/** A whole number of at least `minimum`. */
export function whole(minimum: number): Check<number> {
  const expected = `a whole number >= ${String(minimum)}`;
  return numberIn(expected, (x) => Number.isSafeInteger(x) && x >= minimum, 'Pass a whole number.');
}

export const boolean: Check<boolean> = like('true or false', (x) => typeof x === 'boolean');

/** A non-empty string. */
export const text: Check<string> = like(
  'a non-empty string',
  (x): x is string => typeof x === 'string' && x !== '',
);

/** One of several words. */
export function oneOf<const V extends string>(...values: readonly V[]): Check<V> {
  const expected = values.map((value) => JSON.stringify(value)).join(' or ');
  return like(
    expected,
    (x): x is V => typeof x === 'string',
    undefined,
    (x) => values.includes(x),
  );
}

/** A function. Its signature cannot be checked. */
export function fn<F extends (...args: never[]) => unknown>(expected = 'a function'): Check<F> {
  const remedy = 'Pass the function itself, not its name or its result.';
  return like(expected, (x): x is F => typeof x === 'function', remedy);
}

/** A number that `of` accepts, or a schedule of such numbers. */
export function scheduled(of: Check<number>): Check<number | Schedule> {
  return either(of, fn<Schedule>('a schedule'));
}

/** A signal that stops work in progress. */
export const abortSignal: Check<AbortSignal> = like('an AbortSignal', (x) => x instanceof AbortSignal);
