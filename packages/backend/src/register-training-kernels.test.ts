import {
  getKernel,
  matMul,
  registerKernel,
  setBackend,
  tensor2d,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { registerTrainingKernels } from './register-training-kernels.js';

// This file has a process of its own, in which the wasm package is not loaded at first.
it('does nothing while wasm is not loaded', () => {
  expect(registerTrainingKernels()).toEqual([]);
});

it('replaces and fills in kernels once, before the backend starts', async () => {
  await import('@tensorflow/tfjs-backend-wasm');
  const stock = [getKernel('BatchMatMul', 'wasm'), getKernel('_FusedMatMul', 'wasm')];
  const [registered] = registerTrainingKernels();
  expect(registered?.backend).toBe('wasm');
  expect(registered?.kernels.toSorted()).toEqual([
    'Add',
    'AvgPool',
    'BatchMatMul',
    'ClipByValue',
    'Conv2D',
    'Conv2DBackpropFilter',
    'Conv2DBackpropInput',
    'Conv3DBackpropFilterV2',
    'Conv3DBackpropInputV2',
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropFilter',
    'DepthwiseConv2dNativeBackpropInput',
    'DistillationLoss',
    'Einsum',
    'FusedConv2D',
    'FusedDepthwiseConv2D',
    'HardTargetLoss',
    'MaxPool',
    'MaxPool3D',
    'MaxPool3DGrad',
    'MaxPoolGrad',
    'Maximum',
    'Minimum',
    'Relu',
    'Relu6',
    'Sign',
    'SoftTargetLoss',
    'UnsortedSegmentSum',
    '_FusedMatMul',
  ]);
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

it('keeps a kernel that a newer tfjs has', async () => {
  await import('@tensorflow/tfjs-backend-wasm');
  registerTrainingKernels();
  unregisterKernel('Einsum', 'wasm');
  const newer = { kernelName: 'Einsum', backendName: 'wasm', kernelFunc: () => [] };
  registerKernel(newer);
  expect(registerTrainingKernels()).toEqual([]);
  expect(getKernel('Einsum', 'wasm')).toBe(newer);
});
