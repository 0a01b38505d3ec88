import '@tensorflow/tfjs-layers';
import { useBackend } from '@kd/testing';
import {
  backend,
  env,
  fused,
  grads,
  matMul,
  memory,
  ones,
  reshape,
  stack,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from '../../register-training-kernels.js';

interface Counts {
  readonly tensors: number;
  readonly data: number;
  readonly heap: number;
}

function counts(): Counts {
  const { wasm } = backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  return { tensors: memory().numTensors, data: backend().numDataIds(), heap: wasm.HEAPU8.length };
}

const flags: readonly [boolean, boolean][] = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
];

/** 500 calls after some first ones, in which the heap takes its size. */
function expectFlat(call: (index: number) => void): void {
  for (let index = 0; index < 20; index++) call(index);
  const before = counts();
  for (let index = 0; index < 500; index++) call(index);
  expect(counts()).toEqual(before);
}

function shapes(m: number, k: number, n: number, index: number): [boolean, boolean, Tensor, Tensor] {
  const [transposeA, transposeB] = flags[index % flags.length] as [boolean, boolean];
  return [transposeA, transposeB, ones(transposeA ? [k, m] : [m, k]), ones(transposeB ? [n, k] : [k, n])];
}

beforeAll(async () => {
  await useBackend('wasm');
  registerTrainingKernels();
});

// Each size is computed by another plan, and the last two meet transposes that share their data with the
// original.
describe.each([
  [4, 4, 4],
  [65, 33, 64],
  [16, 200, 200],
  [1, 200, 200],
  [200, 1, 200],
])('products of %i x %i x %i', (m, k, n) => {
  it('leak no tensor, no data and no heap', () => {
    expectFlat((index) => {
      tidy(() => {
        const [transposeA, transposeB, a, b] = shapes(m, k, n, index);
        matMul(a, b, transposeA, transposeB);
        const bias = ones([n]);
        fused.matMul({ a, b, transposeA, transposeB, bias, activation: 'relu' });
        fused.matMul({
          a: stack([a, a]),
          b: stack([b, b]),
          transposeA,
          transposeB,
          bias,
          activation: 'relu',
        });
        matMul(reshape(b, [b.size, 1]), ones([1, 2]));
      });
    });
  });

  it('agree with the engine’s count in gradients', () => {
    // With this flag the engine compares the data of the backend before and after every kernel.
    env().set('IS_TEST', true);
    try {
      expectFlat((index) => {
        tidy(() => {
          const [transposeA, transposeB, a, b] = shapes(m, k, n, index);
          grads((x: Tensor, y: Tensor) => sum(matMul(x, y, transposeA, transposeB)))([a, b]);
        });
      });
    } finally {
      env().set('IS_TEST', false);
    }
  });
});

it('leaks nothing when the stock kernel throws', () => {
  const [a, b, bias] = [ones([64, 64]), ones([64, 64]), ones([1, 64])];
  const before = counts();
  expect(() => tidy(() => fused.matMul({ a, b, transposeA: true, bias }))).toThrow('rank-1 bias');
  expect(counts()).toEqual(before);
});
