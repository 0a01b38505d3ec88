import { expectKdError } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine } from './cosine.js';
import { linear } from './linear.js';

const atStep = (step: number) => ({ step, epoch: 0 });
// The second term is for numbers so small that they have few digits.
const roundingBetween = (from: number, to: number) => 1e-14 * Math.max(Math.abs(from), Math.abs(to)) + 1e-300;
const end = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const steps = fc.integer({ min: 1, max: 1_000_000 });
const step = fc.nat(2_000_000);

it('linear is a straight line', () => {
  const schedule = linear({ from: 4, to: 1, steps: 300 });
  expect([0, 75, 150, 225, 300, 301].map((time) => schedule(atStep(time)))).toEqual([
    4, 3.25, 2.5, 1.75, 1, 1,
  ]);
});

it('cosine is half a wave', () => {
  const schedule = cosine({ from: 1, to: 0, steps: 300 });
  const expected = [1, 0.75, 0.5, 0.25, 0];
  for (const [index, time] of [0, 100, 150, 200, 300].entries()) {
    expect(schedule(atStep(time))).toBeCloseTo(expected[index] ?? NaN, 14);
  }
});

it('cosine is the formula of the paper', () => {
  fc.assert(
    fc.property(end, end, steps, fraction, (from, to, period, share) => {
      const expected = to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * share));
      const actual = cosine({ from, to, steps: period })(atStep(share * period));
      expect(Math.abs(actual - expected)).toBeLessThanOrEqual(roundingBetween(from, to));
    }),
  );
});

describe.each(Object.entries({ linear, cosine }))('%s', (name, schedule) => {
  it('is exact at both ends, then constant', () => {
    fc.assert(
      fc.property(end, end, steps, fc.nat(), (from, to, period, late) => {
        const value = schedule({ from, to, steps: period });
        // A value of -0 may come back as 0.
        expect(value(atStep(0)) === from).toBe(true);
        expect(value(atStep(period)) === to).toBe(true);
        expect(value(atStep(period + late)) === to).toBe(true);
      }),
    );
  });

  it('lies between its ends', () => {
    fc.assert(
      fc.property(end, end, steps, step, (from, to, period, time) => {
        const value = schedule({ from, to, steps: period })(atStep(time));
        const rounding = roundingBetween(from, to);
        expect(value).toBeGreaterThanOrEqual(Math.min(from, to) - rounding);
        expect(value).toBeLessThanOrEqual(Math.max(from, to) + rounding);
      }),
    );
  });

  it('lies in [0, 1] if its ends do, without tolerance', () => {
    fc.assert(
      fc.property(fraction, fraction, steps, step, (from, to, period, time) => {
        const value = schedule({ from, to, steps: period })(atStep(time));
        expect(value >= 0 && value <= 1).toBe(true);
      }),
    );
  });

  it('is monotonic', () => {
    fc.assert(
      fc.property(end, end, steps, step, step, (from, to, period, one, other) => {
        const value = schedule({ from, to, steps: period });
        const change = value(atStep(Math.max(one, other))) - value(atStep(Math.min(one, other)));
        const rounding = roundingBetween(from, to);
        expect(change * Math.sign(to - from)).toBeGreaterThanOrEqual(-rounding);
      }),
    );
  });

  it('stays finite between the largest numbers', () => {
    const value = schedule({ from: -Number.MAX_VALUE, to: Number.MAX_VALUE, steps: 4 });
    for (const time of [0, 1, 2, 3, 4]) expect(value(atStep(time))).toSatisfy(Number.isFinite);
  });

  it('refuses ends that are not finite numbers', async () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      await expectKdError(() => schedule({ from: bad, to: 1, steps: 1 }), 'KD_OPTION_RANGE', 'options.from');
      await expectKdError(() => schedule({ from: 1, to: bad, steps: 1 }), 'KD_OPTION_RANGE', 'options.to');
    }
    for (const bad of [undefined, null, '1', () => 1]) {
      await expectKdError(
        () => schedule({ from: bad, to: 1, steps: 1 } as never),
        'KD_OPTION_TYPE',
        'options.from',
      );
      await expectKdError(
        () => schedule({ from: 1, to: bad, steps: 1 } as never),
        'KD_OPTION_TYPE',
        'options.to',
      );
    }
  });
});
