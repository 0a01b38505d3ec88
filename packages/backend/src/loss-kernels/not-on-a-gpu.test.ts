import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { registerBackend, registerKernel, removeBackend, unregisterKernel } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { registerTrainingKernels } from '../register-training-kernels.js';

const kernelFunc = (): TensorInfo => ({ dataId: {}, shape: [], dtype: 'float32' });
const losses = ['SoftTargetLoss', 'HardTargetLoss', 'DistillationLoss'];

// Stands for tfjs-node-gpu with a GPU and without one; in this process there is no other TensorFlow.
it.each([
  [true, []],
  [false, losses],
])('with a GPU: %s, losses of one kernel: %j', (isUsingGpuDevice, expected) => {
  const stock = ['Identity', 'MaxPoolGrad'].map((kernelName) => ({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc,
  }));
  stock.forEach(registerKernel);
  registerBackend(
    'tensorflow',
    () => ({ isUsingGpuDevice, dispose: () => undefined }) as unknown as KernelBackend,
  );
  const kernels = registerTrainingKernels().find(({ backend }) => backend === 'tensorflow')?.kernels ?? [];
  expect(kernels).toContain('ReluGrad');
  expect(kernels.filter((name) => losses.includes(name))).toEqual(expected);
  removeBackend('tensorflow');
  for (const name of kernels) if (!name.startsWith('gradient of ')) unregisterKernel(name, 'tensorflow');
  unregisterKernel('Identity', 'tensorflow');
});
