import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { fusedKernel } from '@kd/core';
import { expectNoLeak } from '@kd/testing';
import { setBackend, tensor1d, tensor3d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { registerTrainingKernels } from './index.js';

registerTrainingKernels();

describe.each(['cpu', 'wasm'])('the sum of squares on %s', (backend) => {
  const sumOf = async (...numbers: number[][]): Promise<number | undefined> => {
    const inputs = Object.fromEntries(numbers.map((each, index) => [String(index), tensor1d(each)]));
    const [sum] = fusedKernel('SumOfSquares', inputs) ?? [];
    expect([sum?.shape, sum?.dtype]).toEqual([[], 'float32']);
    const [value] = (await sum?.data()) ?? [];
    for (const tensor of [...Object.values(inputs), sum]) tensor?.dispose();
    return value;
  };

  it('is that of all tensors together', async () => {
    await setBackend(backend);
    await expectNoLeak(async () => {
      expect(await sumOf([1, 2, 3, 4, 5], [-6], [])).toBe(91);
      expect(await sumOf([NaN], [1])).toBeNaN();
      expect(await sumOf([1], [Infinity])).toBe(Infinity);
      // The square overflows float32, but a million additions of one do not vanish beside 2^24.
      expect(await sumOf([3e19])).toBe(Infinity);
      expect(await sumOf([4096], Array<number>(1000).fill(1))).toBe(2 ** 24 + 1000);
    });
  });

  it('takes tensors of any rank', async () => {
    await setBackend(backend);
    const x = tensor3d([1, 2, 3, 4], [1, 2, 2]);
    const [sum] = fusedKernel('SumOfSquares', { x }) ?? [];
    expect(await sum?.data()).toEqual(Float32Array.of(30));
  });
});
