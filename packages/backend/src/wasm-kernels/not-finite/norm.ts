import { util } from '@tensorflow/tfjs-core';
import type { DataId, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { AllFinite } from '../../pooling/exact-pooling.js';
import { sumOfSquares } from '../../sum-of-squares.js';
import { floats } from '../heap.js';

// Data of tfjs does not change: a variable that is assigned has other data.
const known = new WeakMap<DataId, number>();

/** An upper bound of the Euclidean norm of a float32 tensor; NaN or infinite if one of its numbers is. Looks at data once, and not if it is noted. */
export function norm(backend: KernelBackend, x: TensorInfo): number {
  return known.get(x.dataId) ?? exactNorm(backend, x);
}

/** The Euclidean norm itself, where the bound says too little. */
export function exactNorm(backend: KernelBackend, x: TensorInfo): number {
  const exact = Math.sqrt(sumOfSquares(floats(backend, x)));
  known.set(x.dataId, exact);
  return exact;
}

/** The bound of the norm, if it takes no look. */
export function knownNorm({ dataId }: TensorInfo): number | undefined {
  return known.get(dataId);
}

/** Takes note that no number of a tensor has a magnitude above `largest`. */
export function noteLargest(x: TensorInfo, largest: number): void {
  known.set(x.dataId, largest * Math.sqrt(util.sizeFromShape(x.shape)));
}

/** Whether all numbers are finite. */
export const allFinite: AllFinite = (backend, x) => Number.isFinite(norm(backend, x));
