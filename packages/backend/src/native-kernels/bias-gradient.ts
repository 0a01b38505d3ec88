import { reshape } from '@tensorflow/tfjs-core';
import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core';
import { opKernel, runOp } from './run-op.js';
import type { Gradients } from './run-op.js';

/** The gradient of a bias as one operation. */
export const biasKernel: KernelConfig = opKernel('BiasAddGrad', ['dy']);

/** The gradient of `add(a, b)` if b is a bias of the last axis; undefined for other sums. */
export function biasGradient(dy: Tensor, [a, b]: Tensor[]): Gradients | undefined {
  if (a === undefined || b === undefined || b.dtype !== 'float32' || a.dtype !== 'float32') return undefined;
  const isBias = b.size === b.shape.at(-1) && b.size === a.shape.at(-1) && a.size > b.size;
  const sameShape =
    a.shape.length === dy.shape.length && a.shape.every((size, axis) => size === dy.shape[axis]);
  if (!isBias || !sameShape || a.rank < 2 || b.rank > a.rank) return undefined;
  return {
    a: () => reshape(dy, a.shape),
    b: () => reshape(runOp('BiasAddGrad', { dy: reshape(dy, [-1, b.size]) })[0] as Tensor, b.shape),
  };
}
