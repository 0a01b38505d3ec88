import { backends, expectKdError, useBackend } from '@kd/testing';
import { linear, piecewise } from '@kd/schedule';
import { ones, scalar, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnyOptimizer } from '../test/every-optimizer.js';
import { bitsOf, makeSteps, twoVariables } from '../test/steps.js';
import { rmsprop, sgd } from './index.js';

beforeAll(() => useBackend('cpu'));

const growing = piecewise({
  from: 0,
  at: [
    { step: 1, value: 0.5 },
    { step: 2, value: 0.25 },
  ],
});

/** The lengths of the first three steps for the gradient 1. */
function stepSizes(optimizer: AnyOptimizer): number[] {
  const x = variable(scalar(0));
  return Array.from({ length: 3 }, () => {
    const [start = NaN] = x.dataSync();
    optimizer.applyGradients([{ name: x.name, tensor: ones([]) }]);
    return Number((start - (x.dataSync()[0] ?? NaN)).toFixed(5));
  });
}

describe('a momentum on a schedule', () => {
  it('is that of the step: b = μ b + g', () => {
    expect(stepSizes(sgd({ learningRate: 1, momentum: growing }))).toEqual([1, 1.5, 1.375]);
  });

  it('looks ahead with nesterov: g + μ b', () => {
    const steps = stepSizes(sgd({ learningRate: 1, momentum: growing, nesterov: true }));
    expect(steps).toEqual([1, 1.75, 1.34375]);
  });

  it('is that of rmsprop', () => {
    // With α = 0, each direction is the sign of the gradient.
    const steps = stepSizes(rmsprop({ learningRate: 1, momentum: growing, alpha: 0 }));
    expect(steps).toEqual([1, 1.5, 1.375]);
  });

  it('follows the epoch that it is told', () => {
    const optimizer = sgd({ learningRate: 1, momentum: linear({ from: 0.5, to: 0, epochs: 1 }) });
    const x = variable(scalar(0));
    for (const epoch of [0, 0, 1]) {
      optimizer.setTime({ step: 0, epoch });
      optimizer.applyGradients([{ name: x.name, tensor: ones([]) }]);
    }
    expect(x.dataSync()[0]).toBe(-(1 + 1.5 + 1));
  });
});

const makers: [string, (momentum: number | (() => number)) => AnyOptimizer][] = [
  ['sgd', (momentum) => sgd({ learningRate: 0.1, momentum, weightDecay: 0.1 })],
  ['sgd with nesterov', (momentum) => sgd({ learningRate: 0.1, momentum, nesterov: true })],
  ['sgd with dampening', (momentum) => sgd({ learningRate: 0.1, momentum, dampening: 0.3 })],
  ['rmsprop', (momentum) => rmsprop({ learningRate: 0.1, momentum, centered: true })],
];

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(makers)('a constant schedule of %s is its number, bit for bit', (_, make) => {
    const [scheduled, fixed] = [twoVariables(), twoVariables()];
    makeSteps(
      make(() => 0.9),
      scheduled,
      [0, 1, 2, 3],
    );
    makeSteps(make(0.9), fixed, [0, 1, 2, 3]);
    expect(bitsOf(scheduled)).toEqual(bitsOf(fixed));
  });
});

describe('a momentum', () => {
  it.each([1, -0.1, NaN])('of %d from a schedule is refused, and nothing moves', async (wrong) => {
    const x = variable(scalar(1));
    const optimizer = sgd({ momentum: ({ step }) => (step < 1 ? 0.5 : wrong) });
    const step = (): void => {
      optimizer.applyGradients([{ name: x.name, tensor: ones([]) }]);
    };
    step();
    const before = x.dataSync();
    await expectKdError(step, 'KD_OPTION_RANGE', 'sgd', 'options.momentum at step 1', String(wrong));
    expect(x.dataSync()).toEqual(before);
    expect(optimizer.iterations).toBe(1);
  });

  it('in epochs is refused if nothing tells the epoch', async () => {
    const optimizer = rmsprop({ momentum: linear({ from: 0.5, to: 0.9, epochs: 10 }) });
    const x = variable(scalar(1));
    await expectKdError(
      () => {
        optimizer.applyGradients([{ name: x.name, tensor: ones([]) }]);
      },
      'KD_OPTION_TYPE',
      'rmsprop',
      'options.momentum',
    );
    expect(x.dataSync()[0]).toBe(1);
  });

  it('on a schedule appears in the config by its values', () => {
    const momentum = ({ epoch }: { epoch: number }): number => epoch / 1000;
    const { momentum: samples } = sgd({ momentum }).getConfig();
    expect(samples).toEqual([0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
  });
});
