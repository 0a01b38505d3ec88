import { getKernel } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AllFinite } from '../pooling/exact-pooling.js';
import { backendName } from './run-op.js';
import type { TensorflowBackend } from './run-op.js';

/**
 * Whether the sum of all numbers is finite, which it is not if one of them is not; and nearly always is if all are.
 *
 * True on a GPU without a look, which would be a wait for it.
 */
export const allFinite: AllFinite = (backend, x) => {
  if ((backend as unknown as TensorflowBackend).isUsingGpuDevice === true) return true;
  const attrs = { axis: x.shape.map((_, axis) => axis), keepDims: false };
  // A tensor, unlike the outputs of other backends' kernels.
  const sum = getKernel('Sum', backendName).kernelFunc({ inputs: { x }, backend, attrs }) as Tensor;
  const [value] = backend.readSync(sum.dataId) as Float32Array;
  sum.dispose();
  return Number.isFinite(value);
};
