import { getKernel, matMul, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { registerTrainingKernels } from './register-training-kernels.js';

// This file has a process of its own, in which the wasm package is not loaded at first.
it('does nothing while wasm is not loaded', () => {
  expect(registerTrainingKernels()).toEqual([]);
});

it('replaces both matmul kernels once, before the backend starts', async () => {
  await import('@tensorflow/tfjs-backend-wasm');
  const stock = [getKernel('BatchMatMul', 'wasm'), getKernel('_FusedMatMul', 'wasm')];
  expect(registerTrainingKernels()).toEqual([{ backend: 'wasm', kernels: ['BatchMatMul', '_FusedMatMul'] }]);
  const ours = [getKernel('BatchMatMul', 'wasm'), getKernel('_FusedMatMul', 'wasm')];
  ours.forEach((kernel, index) => {
    expect(kernel.kernelFunc).not.toBe(stock[index]?.kernelFunc);
  });

  expect(registerTrainingKernels()).toEqual([]);
  expect(getKernel('BatchMatMul', 'wasm')).toBe(ours[0]);
  expect(getKernel('_FusedMatMul', 'wasm')).toBe(ours[1]);

  await setBackend('wasm');
  const x = tensor2d([1, 2, 3, 4], [2, 2]);
  expect([...(await matMul(x, x, true, false).data())]).toEqual([10, 14, 14, 20]);
});
