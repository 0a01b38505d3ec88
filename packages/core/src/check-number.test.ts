import { expectKdError } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFinite, checkFraction, checkInteger, checkNonNegative, checkPositive } from './check-number.js';
import { KdError } from './kd-error.js';

type Check = (where: string, argument: string, value: unknown) => void;
const checks: [string, Check, { expected: string; inside: number[]; outside: number[] }][] = [
  [
    'checkPositive',
    checkPositive,
    {
      expected: 'a finite number > 0',
      inside: [5e-324, 1, 1e308],
      outside: [0, -0, -1, Infinity, -Infinity, NaN],
    },
  ],
  [
    'checkNonNegative',
    checkNonNegative,
    {
      expected: 'a finite number >= 0',
      inside: [0, -0, 5e-324, 1e308],
      outside: [-5e-324, -1, Infinity, -Infinity, NaN],
    },
  ],
  [
    'checkFinite',
    checkFinite,
    { expected: 'a finite number', inside: [0, -1e308, 1e308], outside: [Infinity, -Infinity, NaN] },
  ],
  [
    'checkFraction',
    checkFraction,
    {
      expected: 'a number in [0, 1]',
      inside: [0, 0.5, 1],
      outside: [-5e-324, 1 + 2 ** -52, Infinity, -Infinity, NaN],
    },
  ],
  [
    'checkInteger',
    (where, argument, value) => {
      checkInteger(where, argument, value, 2);
    },
    {
      expected: 'a whole number >= 2',
      inside: [2, 3, Number.MAX_SAFE_INTEGER],
      outside: [1, 2.5, -3, 2 ** 53, Infinity, -Infinity, NaN],
    },
  ],
];
const notNumbers = [undefined, null, '1', '', true, [1], { valueOf: () => 1 }, () => 1, 1n, Symbol('one')];

describe.each(checks)('%s', (_, check, { expected, inside, outside }) => {
  it('accepts its domain up to the edges', () => {
    for (const value of inside) check('f', 'options.x', value);
  });

  it('refuses numbers outside, NaN and infinities as a range', async () => {
    for (const value of outside) {
      await expectKdError(
        () => {
          check('softTarget', 'options.x', value);
        },
        'KD_OPTION_RANGE',
        `softTarget: options.x must be ${expected}; received ${String(value)}. Pass `,
      );
    }
  });

  it('refuses everything else as a type', async () => {
    for (const value of notNumbers) {
      await expectKdError(
        () => {
          check('softTarget', 'options.x', value);
        },
        'KD_OPTION_TYPE',
        `softTarget: options.x must be ${expected}; received `,
      );
    }
  });
});

describe('the checks of numbers', () => {
  const passes = (check: Check, value: unknown): boolean => {
    try {
      check('f', 'x', value);
      return true;
    } catch (error) {
      if (!KdError.isInstance(error)) throw error;
      return false;
    }
  };

  it('agree with the definitions of their domains for any value', () => {
    const domains: ((x: number) => boolean)[] = [
      (x) => x > 0 && x < Infinity,
      (x) => x >= 0 && x < Infinity,
      (x) => Math.abs(x) < Infinity,
      (x) => x >= 0 && x <= 1,
      (x) => Math.floor(x) === x && x >= 2 && x < 2 ** 53,
    ];
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.maxSafeInteger(), fc.anything()), (value) => {
        checks.forEach(([name, check], index) => {
          const inside = typeof value === 'number' && domains[index]?.(value) === true;
          expect(passes(check, value), name).toBe(inside);
        });
      }),
    );
  });
});
