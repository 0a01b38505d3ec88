import { dispose, getKernel } from '@tensorflow/tfjs-core';
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
  // As a condition, not as a number, so that a step can be a function that holds as long as it is true.
  const answer = getKernel('IsFinite', backendName).kernelFunc({ inputs: { x: sum }, backend }) as Tensor;
  const [isFinite] = backend.readSync(answer.dataId) as Uint8Array;
  dispose([sum, answer]);
  return isFinite === 1;
};
