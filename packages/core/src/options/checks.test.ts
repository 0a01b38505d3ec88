import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import {
  boolean,
  finite,
  fn,
  fraction,
  nonNegative,
  positive,
  temperatureOption,
  text,
  whole,
} from './checks.js';
import type { Check } from './check.js';

const at = { where: 'f', argument: 'x' };

describe.each<[string, Check<number>, readonly number[], readonly number[]]>([
  ['positive', positive, [Number.MIN_VALUE, 1, 1e300], [0, -0, -1, NaN, Infinity]],
  ['temperatureOption', temperatureOption, [2 ** -63, 1, 2 ** 63], [0, -1, 2 ** -64, 2 ** 64, NaN, Infinity]],
  ['nonNegative', nonNegative, [0, -0, 1], [-Number.MIN_VALUE, NaN, Infinity]],
  ['finite', finite, [0, -1, 1e300], [NaN, Infinity, -Infinity]],
  ['fraction', fraction, [0, 0.5, 1], [-Number.MIN_VALUE, 1 + 2 ** -52, NaN]],
  ['whole(1)', whole(1), [1, 2 ** 53 - 1], [0, 1.5, 2 ** 53, NaN, Infinity]],
])('%s', (_, check, inside, outside) => {
  it.each(inside)('accepts %d', (value) => {
    expect(check.read(at, value)).toBe(value);
  });

  it.each(outside)('refuses %d as out of range', async (value) => {
    await expectKdError(() => check.read(at, value), 'KD_OPTION_RANGE', 'x', check.expected);
  });

  it.each([undefined, null, '1', true, [1], 1n])('refuses %o as the wrong type', async (value) => {
    await expectKdError(() => check.read(at, value), 'KD_OPTION_TYPE', 'x', check.expected);
  });
});

it('a temperature at its limits has an inverse and a square in float32, with all digits', () => {
  for (const limit of [2 ** -63, 2 ** 63]) {
    expect(temperatureOption.read(at, limit)).toBe(limit);
    for (const value of [1 / limit, limit * limit]) {
      expect(Math.fround(value)).toBe(value);
      // The smallest normal number of float32.
      expect(value).toBeGreaterThanOrEqual(2 ** -126);
    }
  }
});

it.each<[string, Pick<Check<unknown>, 'read'>, unknown, string]>([
  ['text', text, '', '""'],
  ['text', text, 3, '3'],
  ['boolean', boolean, 'true', '"true"'],
  ['boolean', boolean, 1, '1'],
  ['fn', fn(), 'sgd', '"sgd"'],
])('%s refuses %o', async (_, check, value, received) => {
  await expectKdError(() => check.read(at, value), 'KD_OPTION_TYPE', 'x', received);
});
