import { backends, expectKdError, useBackend } from '@kd/testing';
import { ones, profile, tensor, variable, zeros } from '@tensorflow/tfjs-core';
import type { NamedTensorMap } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyOptimizer } from '../test/every-optimizer.js';
import { bitsOf, gradientAt, makeSteps, twoVariables } from '../test/steps.js';
import { adam, adamW, rmsprop, sgd } from './index.js';

beforeAll(() => useBackend('cpu'));

describe.each(everyOptimizer)('a step of %s', (_, make) => {
  it('is the same for gradients in a list and by name', () => {
    const [listed, mapped] = [twoVariables(), twoVariables()];
    makeSteps(make(), listed, [0]);
    const gradients: NamedTensorMap = Object.fromEntries(
      mapped.map((each) => [each.name, gradientAt(0, each)]),
    );
    make().applyGradients(gradients);
    expect(bitsOf(mapped)).toEqual(bitsOf(listed));
  });

  it('stores accumulated values by variable, not by position', () => {
    const [straight, swapped] = [twoVariables(), twoVariables()];
    const optimizers = [make(), make()] as const;
    for (let time = 0; time < 4; time++) {
      makeSteps(optimizers[0], straight, [time]);
      makeSteps(optimizers[1], time % 2 === 0 ? swapped : [...swapped].reverse(), [time]);
    }
    expect(bitsOf(swapped)).toEqual(bitsOf(straight));
  });

  it('starts afresh for a variable with the name of a disposed one', () => {
    const optimizer = make();
    const first = variable(ones([2]), true, 'same name');
    makeSteps(optimizer, [first], [0, 1]);
    first.dispose();
    const second = variable(ones([2]), true, 'same name');
    const alone = variable(ones([2]));
    // A schedule would continue: it counts the steps of the optimizer.
    optimizer.setTime({ step: 0, epoch: 0 });
    makeSteps(optimizer, [second], [2]);
    makeSteps(make(), [alone], [2]);
    expect(bitsOf([second])).toEqual(bitsOf([alone]));
    second.dispose();
  });

  it('moves nothing if one gradient is wrong', async () => {
    const variables = twoVariables();
    const optimizer = make();
    const before = bitsOf(variables);
    const good = { name: variables[0].name, tensor: ones([2, 2]) };
    const gone = ones([2]);
    gone.dispose();
    for (const [tensorOrNone, code] of [
      [ones([2], 'int32'), 'KD_TENSOR_DTYPE'],
      [ones([1, 2]), 'KD_TENSOR_SHAPE'],
      [gone, 'KD_TENSOR_TYPE'],
    ] as const) {
      await expectKdError(
        () => {
          optimizer.applyGradients([good, { name: variables[1].name, tensor: tensorOrNone }]);
        },
        code,
        `the gradient of ${variables[1].name}`,
      );
    }
    await expectKdError(
      () => {
        optimizer.applyGradients([good, { name: 'nobody', tensor: ones([2]) }]);
      },
      'KD_TENSOR_TYPE',
      '"nobody"',
    );
    expect(bitsOf(variables)).toEqual(before);
    expect(optimizer.iterations).toBe(0);
  });

  it('is finite for gradients of zero', () => {
    const x = variable(zeros([2, 2]));
    const optimizer = make();
    for (let time = 0; time < 3; time++) optimizer.applyGradients([{ name: x.name, tensor: zeros([2, 2]) }]);
    expect(Array.from(x.dataSync())).toEqual([0, 0, 0, 0]);
  });
});

it('centred rmsprop stays finite for gradients that never change', () => {
  // The variance of half of them is below zero in some step, by rounding; PyTorch gives NaN for these.
  const gradient = tensor(Array.from({ length: 512 }, (_, index) => (index + 1) / 512));
  const x = variable(zeros([512]));
  const optimizer = rmsprop({ learningRate: 1e-6, alpha: 0.9, centered: true });
  for (let time = 0; time < 1000; time++) optimizer.applyGradients([{ name: x.name, tensor: gradient }]);
  expect(x.dataSync().every(Number.isFinite)).toBe(true);
});

// Fused steps on tfjs-node are counted in fused-step.alone.test.ts.
it.skipIf(!backends.includes('cpu')).each([
  ['sgd', sgd(), 2],
  ['sgd with momentum', sgd({ momentum: 0.9 }), 4],
  ['sgd with nesterov', sgd({ momentum: 0.9, nesterov: true }), 6],
  ['adam', adam(), 12],
  ['adamW', adamW(), 13],
  ['rmsprop', rmsprop(), 9],
])('%s needs few kernels per variable', async (_, optimizer, kernels) => {
  const variables = twoVariables();
  makeSteps(optimizer, variables, [0]);
  const gradients = variables.map((each) => ({ name: each.name, tensor: gradientAt(1, each) }));
  const { kernels: run } = await profile(() => {
    optimizer.applyGradients(gradients);
  });
  // Kernels that compute; identities only pass a tensor on.
  expect(run.filter(({ name }) => name !== 'Identity')).toHaveLength(2 * kernels);
});
