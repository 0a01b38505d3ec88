import { expectKdError } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine } from './cosine.js';
import { linear } from './linear.js';
import { piecewise } from './piecewise.js';

const atStep = (step: number) => ({ step, epoch: 0 });
const atEpoch = (epoch: number) => ({ step: epoch * 100, epoch });

it('takes the last piece that has started, by step', () => {
  const schedule = piecewise({
    from: 4,
    at: [
      { step: 10, value: 2 },
      { step: 20, value: 1 },
    ],
  });
  expect([0, 9, 10, 19, 20, 1000].map((time) => schedule(atStep(time)))).toEqual([4, 4, 2, 2, 1, 1]);
  expect(schedule({ step: 0, epoch: 1000 })).toBe(4);
});

it('takes the last piece that has started, by epoch', () => {
  const schedule = piecewise({
    from: 4,
    at: [
      { epoch: 1, value: 2 },
      { epoch: 3, value: 1 },
    ],
  });
  expect([0, 1, 2, 3, 9].map((time) => schedule(atEpoch(time)))).toEqual([4, 2, 2, 1, 1]);
  expect(schedule({ step: 1000, epoch: 0 })).toBe(4);
});

it('starts the time of a schedule with its piece', () => {
  const line = linear({ from: 1, to: 0, steps: 10 });
  const schedule = piecewise({ from: line, at: [{ step: 100, value: line }] });
  expect([0, 5, 10, 99, 100, 105, 110].map((time) => schedule(atStep(time)))).toEqual([
    1, 0.5, 0, 0, 1, 0.5, 0,
  ]);
});

it('leaves the counter unchanged that the pieces do not use', () => {
  const value = ({ step, epoch }: { step: number; epoch: number }) => step + epoch / 10;
  expect(piecewise({ from: 0, at: [{ step: 5, value }] })({ step: 7, epoch: 3 })).toBe(2.3);
  expect(piecewise({ from: 0, at: [{ epoch: 1, value }] })({ step: 7, epoch: 3 })).toBe(7.2);
});

it('of one piece is that piece', () => {
  const plain = cosine({ from: 4, to: 1, steps: 1000 });
  const one = piecewise({ from: plain, at: [] });
  const number = piecewise({ from: 3, at: [] });
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(20), (step, epoch) => {
      expect(one({ step, epoch })).toBe(plain({ step, epoch }));
      expect(number({ step, epoch })).toBe(3);
    }),
  );
});

it('of equal pieces is a constant, and of any pieces one of their values', () => {
  const values = fc.array(fc.integer(), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 50 }), fc.nat(400), (numbers, length, step) => {
      const at = numbers.map((value, index) => ({ step: (index + 1) * length, value }));
      expect(piecewise({ from: 7, at: at.map((piece) => ({ ...piece, value: 7 })) })(atStep(step))).toBe(7);
      const index = Math.min(Math.floor(step / length), numbers.length);
      expect(piecewise({ from: 7, at })(atStep(step))).toBe([7, ...numbers][index]);
    }),
  );
});

it('does not change when its options do', () => {
  const at = [{ step: 1, value: 2 }];
  const schedule = piecewise({ from: 1, at });
  at.push({ step: 2, value: 3 });
  expect(schedule(atStep(5))).toBe(2);
});

describe('refuses', () => {
  const build = (at: unknown) => () => piecewise({ from: 1, at } as never);

  it('options that are not an object, and unknown options', async () => {
    await expectKdError(() => piecewise(undefined as never), 'KD_OPTION_TYPE', 'piecewise', 'options');
    await expectKdError(
      () => piecewise({ from: 1, at: [], to: 2 } as never),
      'KD_OPTION_UNKNOWN',
      'options.to',
    );
    await expectKdError(build([{ steps: 1, value: 1 }]), 'KD_OPTION_UNKNOWN', 'options.at[0].steps');
  });

  it('values that are neither finite numbers nor schedules', async () => {
    await expectKdError(
      () => piecewise({ from: NaN, at: [] }),
      'KD_OPTION_RANGE',
      'piecewise',
      'options.from',
    );
    await expectKdError(() => piecewise({ at: [] } as never), 'KD_OPTION_TYPE', 'piecewise', 'options.from');
    await expectKdError(build([{ step: 1, value: Infinity }]), 'KD_OPTION_RANGE', 'options.at[0].value');
    await expectKdError(build([{ step: 1 }]), 'KD_OPTION_TYPE', 'options.at[0].value');
    await expectKdError(build([{ step: 1, value: '2' }]), 'KD_OPTION_TYPE', 'options.at[0].value', '"2"');
  });

  it('pieces that are not an array of objects', async () => {
    for (const at of [undefined, null, {}, 'at', 3]) {
      await expectKdError(build(at), 'KD_OPTION_TYPE', 'piecewise', 'options.at');
    }
    for (const piece of [undefined, null, 3, []]) {
      await expectKdError(build([piece]), 'KD_OPTION_TYPE', 'piecewise', 'options.at[0]');
    }
  });

  it('a piece with both or neither of step and epoch', async () => {
    await expectKdError(build([{ step: 1, epoch: 1, value: 1 }]), 'KD_OPTION_TYPE', 'options.at[0]', 'both');
    await expectKdError(build([{ value: 1 }]), 'KD_OPTION_TYPE', 'options.at[0]', 'neither');
  });

  it('a start that is not a whole number >= 1', async () => {
    for (const start of [0, -1, 1.5, NaN, Infinity]) {
      await expectKdError(
        build([{ step: start, value: 1 }]),
        'KD_OPTION_RANGE',
        'options.at[0].step',
        String(start),
      );
      await expectKdError(build([{ epoch: start, value: 1 }]), 'KD_OPTION_RANGE', 'options.at[0].epoch');
    }
    await expectKdError(build([{ step: '1', value: 1 }]), 'KD_OPTION_TYPE', 'options.at[0].step', '"1"');
  });

  it('starts that do not increase', async () => {
    for (const second of [4, 5]) {
      await expectKdError(
        build([
          { epoch: 5, value: 1 },
          { epoch: second, value: 1 },
        ]),
        'KD_OPTION_RANGE',
        'options.at[1].epoch',
        String(second),
      );
    }
  });

  it('steps and epochs in one schedule', async () => {
    const [byStep, byEpoch] = [
      { step: 1, value: 1 },
      { epoch: 2, value: 1 },
    ];
    await expectKdError(build([byStep, byEpoch]), 'KD_OPTION_TYPE', 'options.at[1].step');
    await expectKdError(build([byEpoch, byStep]), 'KD_OPTION_TYPE', 'options.at[1].epoch');
  });
});
