import { backends, expectClose, expectKdError, useBackend } from '@kd/testing';
import { norm, reshape, tensor, tidy, variable, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, makeSteps } from '../test/steps.js';
import { adamW, sgd } from './index.js';

const random = (shape: number[], scale: number): Tensor =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => scale * Math.sin(index ** 2 + 1)),
    shape,
  );

/** Norms of the incoming vectors of units. */
const lengths = (kernel: Tensor): Float32Array =>
  tidy(() => norm(reshape(kernel, [-1, kernel.shape.at(-1) ?? 0]), 2, 0).dataSync<'float32'>());

describe.each(backends)('max-norm on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([[[6, 3]], [[3, 3, 2, 4]], [[2, 5, 3]]])(
    'bounds every unit of a kernel %j after each step',
    (shape) => {
      const kernel = variable(random(shape, 2));
      const optimizer = adamW({ learningRate: 0.3, maxNorm: 1.25 });
      expect(Math.max(...lengths(kernel))).toBeGreaterThan(1.3);
      for (let time = 0; time < 20; time++) {
        makeSteps(optimizer, [kernel], [time]);
        expect(Math.max(...lengths(kernel))).toBeLessThan(1.25 * (1 + 1e-6));
        if (time === 0) expect(Math.max(...lengths(kernel))).toBeGreaterThan(1.25 * (1 - 1e-6));
      }
    },
  );

  it('keeps the direction of a unit that is too long, and every bit of one that is not', () => {
    const kernel = variable(tensor([3, 0.1, 4, 0.2], [2, 2]));
    sgd({ maxNorm: 1 }).applyGradients([{ name: kernel.name, tensor: zerosLike(kernel) }]);
    expectClose(kernel.dataSync(), [0.6, 0.1, 0.8, 0.2], { relative: 1e-6, absolute: 0 });
    expect(kernel.dataSync()[1]).toBe(Math.fround(0.1));
  });

  it('does not touch biases, however long', () => {
    const make = (): Tensor[] => [random([5], 10), random([], 10)];
    const [bounded, free] = [make(), make()].map((tensors) => tensors.map((each) => variable(each)));
    makeSteps(sgd({ learningRate: 0.1, maxNorm: 0.1 }), bounded ?? [], [0, 1]);
    makeSteps(sgd({ learningRate: 0.1 }), free ?? [], [0, 1]);
    expect(bitsOf(bounded ?? [])).toEqual(bitsOf(free ?? []));
  });

  it('does not change a kernel of zeros', () => {
    const kernel = variable(tensor([0, 0], [2, 1]));
    sgd({ maxNorm: 1 }).applyGradients([{ name: kernel.name, tensor: zerosLike(kernel) }]);
    expect(Array.from(kernel.dataSync())).toEqual([0, 0]);
  });
});

describe('max-norm by layer path', () => {
  beforeAll(() => useBackend('cpu'));
  const names = ['a/kernel', 'a/b/kernel', 'a_1/kernel', 'c/a/kernel'];
  const trained = (maxNorm?: number | Record<string, number>): Variable[] => {
    const kernels = names.map(() => variable(random([6, 3], 2)));
    const optimizer = adamW({ learningRate: 0.3, ...(maxNorm === undefined ? {} : { maxNorm }) });
    optimizer.setNames(kernels.map((kernel, index) => ({ name: names[index] ?? '', variable: kernel })));
    makeSteps(optimizer, kernels, [0, 1, 2]);
    return kernels;
  };

  it.each([[{ a: 1.5, 'a/b': 1 }], [{ 'a/b': 1, a: 1.5 }]])(
    '%j limits a layer and what is inside it; the longest path counts',
    (limits) => {
      const [all, part, free] = [1.5, 1, undefined].map((limit) => bitsOf(trained(limit)));
      expect(bitsOf(trained(limits))).toEqual([all?.[0], part?.[1], free?.[2], free?.[3]]);
    },
  );

  it('is refused for a path without weights', async () => {
    const run = (): unknown => trained({ a: 1, 'c/b': 1 });
    const facts = ['adamW', 'options.maxNorm["c/b"]', 'Did you mean "a/b"'];
    await expectKdError(run, 'KD_OPTION_RANGE', ...facts);
  });

  it('goes by the names of tfjs if nobody sets others', async () => {
    const [kernel, other] = ['alone/kernel', 'alone_1/kernel'].map((name) =>
      variable(random([6, 3], 2), true, name),
    ) as [Variable, Variable];
    makeSteps(sgd({ maxNorm: { alone: 0.5 } }), [kernel, other], [0]);
    expect(Math.max(...lengths(kernel))).toBeLessThan(0.5 * (1 + 1e-6));
    expect(Math.max(...lengths(other))).toBeGreaterThan(1);
    const before = bitsOf([kernel]);
    const run = (): void => {
      makeSteps(sgd({ maxNorm: { alon: 0.1 } }), [kernel], [0]);
    };
    await expectKdError(run, 'KD_OPTION_RANGE', 'sgd', 'options.maxNorm["alon"]', 'Did you mean "alone"');
    expect(bitsOf([kernel])).toEqual(before);
  });
});
