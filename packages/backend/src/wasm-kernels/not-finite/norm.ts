import { util } from '@tensorflow/tfjs-core';
import type { DataId, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { AllFinite } from '../../pooling/exact-pooling.js';
import { sumOfSquares } from '../../sum-of-squares.js';
import { floats } from '../heap.js';

// The data of a tfjs tensor never changes: assigning a variable gives it different data.
const known = new WeakMap<DataId, number>();

/**
 * An upper bound of the Euclidean norm of a float32 tensor; NaN or infinite if one of its numbers is. It
 * reads the data at most once, and not at all if a bound is recorded.
 */
export function norm(backend: KernelBackend, x: TensorInfo): number {
  return known.get(x.dataId) ?? exactNorm(backend, x);
}

/** The Euclidean norm itself, for when the bound is too weak. */
export function exactNorm(backend: KernelBackend, x: TensorInfo): number {
  const exact = Math.sqrt(sumOfSquares(floats(backend, x)));
  known.set(x.dataId, exact);
  return exact;
}

/** The bound of the norm, if it is known without reading the data. */
export function knownNorm({ dataId }: TensorInfo): number | undefined {
  return known.get(dataId);
}

/** Records that no number of a tensor has a magnitude above `largest`. */
export function noteLargest(x: TensorInfo, largest: number): void {
  known.set(x.dataId, largest * Math.sqrt(util.sizeFromShape(x.shape)));
}

/** Whether all numbers are finite. */
export const allFinite: AllFinite = (backend, x) => Number.isFinite(norm(backend, x));
