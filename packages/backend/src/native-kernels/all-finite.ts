import { getKernel } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AllFinite } from '../pooling/exact-pooling.js';
import { backendName } from './run-op.js';
import type { TensorflowBackend } from './run-op.js';

/**
 * Whether the sum of all numbers is finite. It is not if one of them is not; if all are, it nearly always is.
 *
 * Always true on a GPU, without checking, because reading the sum would mean waiting.
 */
export const allFinite: AllFinite = (backend, x) => {
  if ((backend as unknown as TensorflowBackend).isUsingGpuDevice === true) return true;
  const attrs = { axis: x.shape.map((_, axis) => axis), keepDims: false };
  // A tensor here, unlike the kernel outputs of other backends.
  const sum = getKernel('Sum', backendName).kernelFunc({ inputs: { x }, backend, attrs }) as Tensor;
  const [value] = backend.readSync(sum.dataId) as Float32Array;
  sum.dispose();
  return Number.isFinite(value);
};
