import { dispose, stack, tidy } from '@tensorflow/tfjs-core';
import { tensorsOf } from './differentiate.js';
import type { Gradients, Values } from './differentiate.js';
import { squaredNorm } from './squared-norm.js';
import type { Losses } from './sums.js';

/** The numbers of a step. */
export interface StepNumbers extends Omit<Losses, 'weights'> {
  readonly total: number;
  /** Square root of the sum of squares of all gradients. */
  readonly gradientNorm: number;
}

/** Reads all numbers of a step back at once, and frees the values. */
export async function readStep(values: Values, grads: Gradients): Promise<StepNumbers> {
  const tensors = [values.total, ...tensorsOf(values)];
  const packed = tidy(() => stack([squaredNorm(grads), ...tensors]));
  dispose(tensors);
  const [squared = NaN, ...numbers] = await packed.data();
  packed.dispose();
  const numberOf = new Map(tensors.map((tensor, index) => [tensor, numbers[index] ?? NaN]));
  const normalizers = Object.fromEntries(
    Object.entries(values.normalizers).map(([name, normalizer]) => [
      name,
      typeof normalizer === 'number' ? normalizer : (numberOf.get(normalizer) ?? NaN),
    ]),
  );
  return {
    total: numberOf.get(values.total) ?? NaN,
    losses: Object.fromEntries(
      Object.entries(values.losses).map(([name, loss]) => [
        name,
        normalizers[name] === 0 ? NaN : (numberOf.get(loss) ?? NaN),
      ]),
    ),
    normalizers,
    gradientNorm: Math.sqrt(squared),
  };
}
