import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import { registerTrainingKernels } from '@kd/backend';
import { add, dispose, grads, mul, ones, sum, tensor, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { planRegressor } from './plan.js';
import type { RegressorKind } from './kinds.js';
import { regress, resizingConstants } from './regress.js';
import { resizeMap, resizeMatrix } from './resize.js';

const increasing = (shape: number[]): Tensor => {
  const size = shape.reduce((product, each) => product * each, 1);
  return tensor(
    Array.from({ length: size }, (_, index) => Math.sin(index + 1)),
    shape,
  );
};

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') registerTrainingKernels();
    await useBackend(backend);
  });

  it.each<[RegressorKind, number[], number[]]>([
    ['pointwise', [2, 5], [2, 3]],
    ['pointwise', [2, 4, 5], [2, 4, 3]],
    ['pointwise', [2, 3, 2, 5], [2, 3, 2, 3]],
    ['convolution', [2, 5, 3], [2, 3, 2]],
    ['convolution', [2, 5, 3, 2], [2, 3, 2, 3]],
    ['transposed', [2, 3, 3], [2, 7, 2]],
    ['transposed', [2, 2, 3, 2], [2, 5, 4, 3]],
    ['resize', [2, 3, 3], [2, 7, 2]],
    ['resize', [2, 2, 3, 2], [2, 5, 4, 3]],
    ['resize', [2, 5, 2, 2], [2, 2, 4, 3]],
    ['resize', [2, 5, 4, 2], [2, 2, 3, 3]],
  ])('%s maps %j to %j with the gradients of its function', async (kind, student, teacher) => {
    const plan = planRegressor('test', student, teacher, { kind });
    const constants = resizingConstants(plan);
    const kernel = increasing([...(plan.kernelShape ?? [])]);
    const bias = tensor([1, -2, 3].slice(0, plan.teacher.channels));
    const input = increasing(student);
    const upstream = increasing(teacher);
    const loss = (x: Tensor, k: Tensor, b: Tensor): Tensor =>
      sum(mul(regress(plan, { kernel: k, bias: b, ...constants }, x), upstream));
    expect(regress(plan, { kernel, bias, ...constants }, input).shape).toEqual(teacher);
    const [ofInput, ofKernel, ofBias] = grads(loss)([input, kernel, bias]) as [Tensor, Tensor, Tensor];
    const tolerance = { relative: 2e-3, absolute: 2e-3 };
    expectClose(
      await ofInput.data(),
      numericGradient((x) => loss(x, kernel, bias), input),
      tolerance,
    );
    expectClose(
      await ofKernel.data(),
      numericGradient((k) => loss(input, k, bias), kernel),
      tolerance,
    );
    expectClose(
      await ofBias.data(),
      numericGradient((b) => loss(input, kernel, b), bias),
      tolerance,
    );
    dispose(constants);
  });
});

describe('resizing', () => {
  beforeAll(() => useBackend('cpu'));

  it('averages equal shares when it shrinks', async () => {
    expect(await resizeMatrix(4, 2).array()).toEqual([
      [0.5, 0.5, 0, 0],
      [0, 0, 0.5, 0.5],
    ]);
    // Bins overlap where the sizes do not divide: [0, 2), [1, 4), [3, 5).
    expectClose(
      await resizeMatrix(5, 3).data(),
      [
        [1 / 2, 1 / 2, 0, 0, 0],
        [0, 1 / 3, 1 / 3, 1 / 3, 0],
        [0, 0, 0, 1 / 2, 1 / 2],
      ],
      { relative: 1e-6, absolute: 0 },
    );
  });

  it('interpolates between centres when it grows', async () => {
    expect(await resizeMatrix(2, 4).array()).toEqual([
      [1, 0],
      [0.75, 0.25],
      [0.25, 0.75],
      [0, 1],
    ]);
    expect(await resizeMatrix(1, 3).array()).toEqual([[1], [1], [1]]);
  });

  it('preserves a constant map and the order of rows and columns', async () => {
    const [rows, columns] = [resizeMatrix(2, 5), resizeMatrix(3, 2)];
    const constant = await resizeMap(ones([2, 2, 3, 2]), rows, columns).data();
    expectClose(constant, new Array(40).fill(1), { relative: 1e-6, absolute: 0 });
    // Rows 0 and 1; resizing by the identity changes nothing.
    const map = add(zeros([1, 2, 3, 1]), tensor([0, 10], [1, 2, 1, 1]));
    const numbered = add(map, tensor([0, 1, 2], [1, 1, 3, 1]));
    expect(await resizeMap(numbered, resizeMatrix(2, 2), resizeMatrix(3, 3)).array()).toEqual(
      await numbered.array(),
    );
  });
});
