import { describeValue } from './describe-value.js';
import { KdError } from './kd-error.js';

/**
 * Throws `KD_OPTION_TYPE` unless `options` is an object, `KD_OPTION_UNKNOWN` if it has a key outside `known`.
 *
 * A misspelt option would otherwise leave its default in force without a word.
 */
export function checkOptions(
  where: string,
  options: unknown,
  known: readonly string[],
  argument = 'options',
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument,
      expected: `an object with ${known.join(', ')}`,
      received: describeValue(options),
      remedy: 'Pass the options as one object.',
    });
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new KdError({
      code: 'KD_OPTION_UNKNOWN',
      where,
      argument: `${argument}.${key}`,
      expected: `one of ${known.join(', ')}`,
      received: describeValue(key),
      remedy: 'Correct the name of the option.',
    });
  }
}

/** Throws `KD_OPTION_TYPE` unless `value` is a function. */
export function checkFunction(where: string, argument: string, value: unknown): void {
  if (typeof value === 'function') return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'a function',
    received: describeValue(value),
    remedy: 'Pass the function itself, not its name or its result.',
  });
}

/** Throws `KD_OPTION_TYPE` unless `value` is a non-empty string. */
export function checkName(where: string, argument: string, value: unknown): asserts value is string {
  if (typeof value === 'string' && value !== '') return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'a non-empty string',
    received: describeValue(value),
    remedy: 'Pass a name.',
  });
}

/** Throws `KD_OPTION_TYPE` unless `value` is true or false. */
export function checkBoolean(where: string, argument: string, value: unknown): asserts value is boolean {
  if (typeof value === 'boolean') return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected: 'true or false',
    received: describeValue(value),
    remedy: 'Pass a boolean.',
  });
}
