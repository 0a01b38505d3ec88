import { expectKdError } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exponentialDecay } from './exponential-decay.js';
import { stepDecay } from './step-decay.js';

const atStep = (step: number) => ({ step, epoch: 0 });
const from = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const factor = fc.double({ min: 0.1, max: 1, noNaN: true });
const period = fc.integer({ min: 1, max: 10_000 });

it('exponentialDecay decays at every step', () => {
  const schedule = exponentialDecay({ from: 16, factor: 0.25, steps: 10 });
  expect([0, 5, 10, 15, 20].map((time) => schedule(atStep(time)))).toEqual([16, 8, 4, 2, 1]);
});

it('stepDecay waits for the end of each interval', () => {
  const schedule = stepDecay({ from: 16, factor: 0.25, steps: 10 });
  expect([0, 9, 10, 19, 20, 29].map((time) => schedule(atStep(time)))).toEqual([16, 16, 4, 4, 1, 1]);
});

it('a factor above 1 grows', () => {
  expect(exponentialDecay({ from: 1, factor: 4, steps: 10 })(atStep(15))).toBe(8);
  expect(stepDecay({ from: 1, factor: 4, steps: 10 })(atStep(15))).toBe(4);
});

it('both agree at the end of each interval, and stepDecay is never below', () => {
  fc.assert(
    fc.property(from, factor, period, fc.nat(20), fc.nat(100_000), (start, by, steps, count, time) => {
      const [smooth, stairs] = [
        exponentialDecay({ from: start, factor: by, steps }),
        stepDecay({ from: start, factor: by, steps }),
      ];
      expect(stairs(atStep(count * steps))).toBe(smooth(atStep(count * steps)));
      expect(stairs(atStep(time))).toBeGreaterThanOrEqual(smooth(atStep(time)) * (1 - 1e-12));
    }),
  );
});

describe.each(Object.entries({ exponentialDecay, stepDecay }))('%s', (name, schedule) => {
  it('is multiplied by the factor after each duration', () => {
    fc.assert(
      fc.property(from, factor, period, fc.nat(20), fc.nat(10_000), (start, by, steps, count, rest) => {
        const value = schedule({ from: start, factor: by, steps });
        const time = count * steps + (rest % steps);
        const ratio = value(atStep(time + steps)) / value(atStep(time));
        expect(Math.abs(ratio / by - 1)).toBeLessThan(1e-9);
      }),
    );
  });

  it('never rises and stays in [0, from] for factors up to 1', () => {
    fc.assert(
      fc.property(from, factor, period, fc.nat(1e6), fc.nat(1e6), (start, by, steps, one, other) => {
        const value = schedule({ from: start, factor: by, steps });
        const [early, late] = [value(atStep(Math.min(one, other))), value(atStep(Math.max(one, other)))];
        expect(late).toBeLessThanOrEqual(early * (1 + 1e-12));
        expect(late).toBeGreaterThanOrEqual(0);
        expect(early).toBeLessThanOrEqual(start);
      }),
    );
  });

  it('keeps the sign of `from`', () => {
    expect(schedule({ from: -2, factor: 0.5, steps: 1 })(atStep(1))).toBe(-1);
  });

  it('refuses a start that is not a finite number', async () => {
    for (const bad of [NaN, Infinity]) {
      await expectKdError(
        () => schedule({ from: bad, factor: 0.5, steps: 1 }),
        'KD_OPTION_RANGE',
        'options.from',
      );
    }
    await expectKdError(() => schedule({ factor: 0.5, steps: 1 } as never), 'KD_OPTION_TYPE', 'options.from');
  });

  it('refuses a factor that is not a finite number > 0', async () => {
    for (const bad of [0, -0.5, NaN, Infinity]) {
      await expectKdError(
        () => schedule({ from: 1, factor: bad, steps: 1 }),
        'KD_OPTION_RANGE',
        'options.factor',
      );
    }
    for (const bad of [undefined, '0.5']) {
      await expectKdError(
        () => schedule({ from: 1, factor: bad, steps: 1 } as never),
        'KD_OPTION_TYPE',
        'options.factor',
      );
    }
  });
});
