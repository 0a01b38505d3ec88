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
  const registered = registerTrainingKernels().find(({ backend }) => backend === 'wasm');
  expect(registered?.kernels.toSorted()).toEqual([
    'Abs',
    'Acos',
    'Acosh',
    'Add',
    'Asin',
    'Asinh',
    'Atan',
    'Atan2',
    'Atanh',
    'AvgPool',
    'AvgPool3D',
    'AvgPool3DGrad',
    'BatchMatMul',
    'Cast',
    'ClipByValue',
    'Conv2D',
    'Conv2DBackpropFilter',
    'Conv2DBackpropInput',
    'Conv3D',
    'Conv3DBackpropFilterV2',
    'Conv3DBackpropInputV2',
    'Cumprod',
    'Cumsum',
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropFilter',
    'DepthwiseConv2dNativeBackpropInput',
    'Dilation2D',
    'Dilation2DBackpropFilter',
    'Dilation2DBackpropInput',
    'DistillationLoss',
    'Einsum',
    'Exp',
    'Expm1',
    'FloorDiv',
    'FusedBatchNorm',
    'FusedConv2D',
    'FusedDepthwiseConv2D',
    'GatherV2',
    'HardTargetLoss',
    'IsFinite',
    'IsInf',
    'IsNan',
    'LeakyRelu',
    'Log1p',
    'MaxPool',
    'MaxPool3D',
    'MaxPool3DGrad',
    'MaxPoolGrad',
    'Maximum',
    'Minimum',
    'Mod',
    'Neg',
    'OneHot',
    'Prelu',
    'Reciprocal',
    'Relu',
    'Relu6',
    'ResizeNearestNeighbor',
    'Reverse',
    'Round',
    'Select',
    'Selu',
    'Sign',
    'Sinh',
    'SoftTargetLoss',
    'Softplus',
    'Square',
    'Step',
    'StridedSlice',
    'SumOfSquares',
    'Tile',
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
