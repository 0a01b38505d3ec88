import { scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Check } from '../options/check.js';
import { finite, like } from '../options/checks.js';
import { either } from '../options/compound.js';
import { subSeed } from '../sub-seed.js';

/** The seed of a step: a number, or an int32 scalar tensor if only the device knows it. */
export type Seed = number | Scalar;

/** A finite number, or an int32 scalar tensor. */
export const seedOption: Check<Seed> = either(
  finite,
  like(
    'an int32 scalar tensor',
    (x): x is Scalar => x instanceof Tensor && x.dtype === 'int32' && x.rank === 0 && !x.isDisposed,
  ),
);

/**
 * A seed as a number of 31 bits; others are mixed into 31 bits. A tensor is read. On WebGPU that works for a
 * scalar made from a number that no operation on the device has used; on tfjs-node it waits for TensorFlow.
 */
export function seedNumber(seed: Seed): number {
  if (typeof seed === 'number') return isWhole(seed) ? seed : subSeed(seed);
  // eslint-disable-next-line no-restricted-syntax -- random numbers in JavaScript are needed at once
  return seed.dataSync<'int32'>()[0] as number;
}

/** A seed as a tensor, which is never read. */
export function seedTensor(seed: Seed): Scalar {
  return typeof seed === 'number' ? scalar(seedNumber(seed), 'int32') : seed;
}

function isWhole(seed: number): boolean {
  return Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31;
}
