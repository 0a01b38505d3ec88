import { expectKdError, useBackend } from '@kd/testing';
import { cosine, linear, piecewise, stepDecay, warmUp } from '@kd/schedule';
import { ones, scalar, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adam, adamW, rmsprop, sgd } from './index.js';
import type { AnyOptimizer } from '../test/every-optimizer.js';

beforeAll(() => useBackend('cpu'));

/** The length of each step for the gradient 1. */
function stepSizes(
  optimizer: AnyOptimizer,
  count: number,
  before: (step: number) => void = () => undefined,
): number[] {
  const x = variable(scalar(0));
  return Array.from({ length: count }, (_, step) => {
    before(step);
    const [start = NaN] = x.dataSync();
    optimizer.applyGradients([{ name: x.name, tensor: ones([]) }]);
    return start - (x.dataSync()[0] ?? NaN);
  });
}
const rounded = (values: readonly number[]): number[] => values.map((value) => Number(value.toFixed(5)));

describe('a learning rate', () => {
  it('defaults to that of PyTorch', () => {
    expect([sgd(), adam(), adamW(), rmsprop()].map(({ learningRate }) => learningRate)).toEqual([
      1e-3, 1e-3, 1e-3, 1e-2,
    ]);
  });

  it('on a schedule is the length of the step, in every step', () => {
    const schedule = warmUp({ steps: 2, from: 0.1, then: linear({ from: 0.5, to: 0.1, steps: 2 }) });
    expect(rounded(stepSizes(sgd({ learningRate: schedule }), 6))).toEqual([0.1, 0.3, 0.5, 0.3, 0.1, 0.1]);
  });

  it.each([
    ['adam', adam],
    ['adamW', (options: object) => adamW({ ...options, weightDecay: 0 })],
  ])('on a schedule is the length of the step of %s, as the gradient is the same', (_, make) => {
    const learningRate = stepDecay({ from: 0.4, factor: 0.5, steps: 1 });
    expect(rounded(stepSizes(make({ learningRate }), 4))).toEqual([0.4, 0.2, 0.1, 0.05]);
  });

  it('on a schedule does not enter the momentum', () => {
    const learningRate = piecewise({
      from: 1,
      at: [
        { step: 1, value: 0 },
        { step: 2, value: 1 },
      ],
    });
    expect(rounded(stepSizes(sgd({ learningRate, momentum: 0.5 }), 3))).toEqual([1, 0, 1.75]);
  });

  it('may come from a table with an end', () => {
    const table = [{ rate: 0.3 }, { rate: 0.1 }];
    const learningRate = ({ step }: { step: number }): number => (table[step] as { rate: number }).rate;
    const optimizer = sgd({ learningRate });
    expect(rounded(stepSizes(optimizer, 2))).toEqual([0.3, 0.1]);
    expect(optimizer.getConfig()['learningRate']).toEqual([0.3, ...Array<null>(9).fill(null)]);
  });

  it('takes effect at the next step when it is assigned', () => {
    const optimizer = sgd({ learningRate: 0.1 });
    const sizes = stepSizes(optimizer, 3, (step) => {
      if (step === 1) optimizer.learningRate = 0.5;
      if (step === 2) optimizer.learningRate = ({ step: at }) => at;
    });
    expect(rounded(sizes)).toEqual([0.1, 0.5, 2]);
    expect(optimizer.getConfig()['learningRate']).toEqual([
      0, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000,
    ]);
  });

  it('is checked when it is assigned', async () => {
    const optimizer = sgd({ learningRate: 0.1 });
    await expectKdError(
      () => (optimizer.learningRate = -1),
      'KD_OPTION_RANGE',
      'sgd',
      'options.learningRate',
      '-1',
    );
    expect(optimizer.learningRate).toBe(0.1);
  });

  it('from a schedule must be a number, or nothing moves', async () => {
    const x = variable(scalar(1));
    const optimizer = adam({ learningRate: ({ step }) => (step < 1 ? 0.1 : NaN) });
    const step = (): void => {
      optimizer.applyGradients([{ name: x.name, tensor: ones([]) }]);
    };
    step();
    const before = x.dataSync();
    await expectKdError(step, 'KD_OPTION_RANGE', 'adam', 'options.learningRate at step 1', 'NaN');
    expect(x.dataSync()).toEqual(before);
    expect(optimizer.iterations).toBe(1);
  });
});

describe('a schedule in epochs', () => {
  it.each([
    ['cosine', cosine({ from: 0.1, to: 0, epochs: 10 })],
    ['warmUp', warmUp({ epochs: 3, then: 0.1 })],
    ['piecewise', piecewise({ from: 0.1, at: [{ epoch: 300, value: 0.01 }] })],
    ['stepDecay', stepDecay({ from: 0.1, factor: 0.5, epochs: 30 })],
  ])('(%s) is refused if nothing tells the epoch', async (_, learningRate) => {
    const x = variable(scalar(1));
    await expectKdError(
      () => {
        sgd({ learningRate }).applyGradients([{ name: x.name, tensor: ones([]) }]);
      },
      'KD_OPTION_TYPE',
      'sgd',
      'options.learningRate',
      '@kd/trainer',
    );
    expect(x.dataSync()[0]).toBe(1);
  });

  it('follows the time that it is told, each time for one step', async () => {
    const optimizer = sgd({ learningRate: linear({ from: 1, to: 0, epochs: 2 }) });
    const sizes = stepSizes(optimizer, 3, (step) => {
      optimizer.setTime({ step: 7 * step, epoch: step });
    });
    expect(rounded(sizes)).toEqual([1, 0.5, 0]);
    await expectKdError(() => stepSizes(optimizer, 1), 'KD_OPTION_TYPE', 'the epoch');
  });
});
