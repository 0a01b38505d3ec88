import { dispose, stack, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
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

/** Where the numbers of a step are in the tensor that holds them all. */
export interface PlacesOfNumbers {
  readonly losses: readonly string[];
  /** A number, or undefined for one that follows the losses. */
  readonly normalizers: Readonly<Record<string, number | undefined>>;
}

/** All numbers of a step in one tensor, so that one read is enough. Frees the values. */
export function packed(values: Values, grads: Gradients): { numbers: Tensor; places: PlacesOfNumbers } {
  const tensors = [values.total, ...tensorsOf(values)];
  const numbers = tidy(() => stack([squaredNorm(grads), ...tensors]));
  dispose(tensors);
  const normalizers = Object.entries(values.normalizers).map(
    ([name, one]) => [name, typeof one === 'number' ? one : undefined] as const,
  );
  return {
    numbers,
    places: { losses: Object.keys(values.losses), normalizers: Object.fromEntries(normalizers) },
  };
}

/** Reads the numbers of a step, and frees their tensor. */
export async function readStep(numbers: Tensor, places: PlacesOfNumbers): Promise<StepNumbers> {
  const [squared = NaN, total = NaN, ...rest] = await numbers.data();
  numbers.dispose();
  let at = 0;
  const next = (): number => rest[at++] ?? NaN;
  const losses = places.losses.map((name) => [name, next()] as const);
  const normalizers: Record<string, number> = Object.fromEntries(
    Object.entries(places.normalizers).map(([name, known]) => [name, known ?? next()]),
  );
  return {
    total,
    losses: Object.fromEntries(losses.map(([name, loss]) => [name, normalizers[name] === 0 ? NaN : loss])),
    normalizers,
    gradientNorm: Math.sqrt(squared),
  };
}
