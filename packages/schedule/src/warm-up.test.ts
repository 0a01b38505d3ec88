import { expectKdError } from '@kd/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { constant } from './constant.js';
import { linear } from './linear.js';
import { piecewise } from './piecewise.js';
import { warmUp } from './warm-up.js';

const atStep = (step: number) => ({ step, epoch: 0 });
const atEpoch = (epoch: number) => ({ step: epoch * 100, epoch });

it('rises from zero to a number and stays there', () => {
  const schedule = warmUp({ steps: 10, then: 0.5 });
  expect([0, 5, 9, 10, 1000].map((time) => schedule(atStep(time)))).toEqual([0, 0.25, 0.45, 0.5, 0.5]);
});

it('starts at the given value', () => {
  const schedule = warmUp({ epochs: 4, from: 3, then: 1 });
  expect([0, 2, 4, 5].map((time) => schedule(atEpoch(time)))).toEqual([3, 2, 1, 1]);
});

it('passes on a time that starts at its end, in steps', () => {
  const schedule = warmUp({ steps: 10, then: linear({ from: 1, to: 0, steps: 100 }) });
  expect([5, 10, 60, 110, 200].map((time) => schedule(atStep(time)))).toEqual([0.5, 1, 0.5, 0, 0]);
});

it('passes on a time that starts at its end, in epochs', () => {
  const schedule = warmUp({ epochs: 2, then: linear({ from: 1, to: 0, epochs: 4 }) });
  expect([1, 2, 4, 6, 9].map((time) => schedule(atEpoch(time)))).toEqual([0.5, 1, 0.5, 0, 0]);
});

it('leaves the other counter unchanged', () => {
  const seen: unknown[] = [];
  const then = (time: object) => seen.push(time);
  warmUp({ steps: 10, then })({ step: 12, epoch: 3 });
  warmUp({ epochs: 1, then })({ step: 12, epoch: 3 });
  expect(seen).toEqual([
    { step: 0, epoch: 0 },
    { step: 2, epoch: 3 },
    { step: 0, epoch: 0 },
    { step: 12, epoch: 2 },
  ]);
});

it('is the same before a number, before a constant and as a line', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(value, value, fc.integer({ min: 1, max: 1e5 }), fc.nat(2e5), (from, to, steps, step) => {
      const line = linear({ from, to, steps })(atStep(step));
      expect(warmUp({ from, steps, then: to })(atStep(step)) === line).toBe(true);
      expect(warmUp({ from, steps, then: constant(to) })(atStep(step)) === line).toBe(true);
    }),
  );
});

it('is the piecewise schedule of a line and what follows', () => {
  const then = linear({ from: 1, to: 0.1, epochs: 7 });
  const both = [
    warmUp({ epochs: 3, then }),
    piecewise({ from: linear({ from: 0, to: 1, epochs: 3 }), at: [{ epoch: 3, value: then }] }),
  ];
  for (let epoch = 0; epoch < 15; epoch++) {
    const [one, other] = both.map((schedule) => schedule(atEpoch(epoch)));
    expect(one).toBe(other);
  }
});

it('refuses a start that is not a finite number', async () => {
  await expectKdError(
    () => warmUp({ steps: 1, from: NaN, then: 1 }),
    'KD_OPTION_RANGE',
    'warmUp',
    'options.from',
  );
  await expectKdError(
    () => warmUp({ steps: 1, from: null, then: 1 } as never),
    'KD_OPTION_TYPE',
    'warmUp',
    'options.from',
  );
});

it('refuses values that cannot follow', async () => {
  for (const then of [NaN, Infinity]) {
    await expectKdError(() => warmUp({ steps: 1, then }), 'KD_OPTION_RANGE', 'warmUp', 'options.then');
  }
  for (const then of [undefined, null, '1', {}]) {
    await expectKdError(
      () => warmUp({ steps: 1, then } as never),
      'KD_OPTION_TYPE',
      'warmUp',
      'options.then',
    );
  }
});

it('refuses a schedule without a finite value at time zero', async () => {
  await expectKdError(
    () => warmUp({ steps: 1, then: ({ step }) => 1 / step }),
    'KD_OPTION_RANGE',
    'warmUp',
    'options.then at time zero',
    'Infinity',
  );
  await expectKdError(
    () => warmUp({ steps: 1, then: (() => 'high') as never }),
    'KD_OPTION_TYPE',
    'warmUp',
    'options.then at time zero',
  );
});
