import { scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { Check } from '../options/check.js';
import { finite, like } from '../options/checks.js';
import { either } from '../options/compound.js';
import { subSeed } from '../sub-seed.js';

/** The seed of a step: a finite number, or an int32 scalar tensor if only the device knows it. */
export const seedOption: Check<number | Scalar> = either(
  finite,
  like(
    'an int32 scalar tensor',
    (x): x is Scalar => x instanceof Tensor && x.dtype === 'int32' && x.rank === 0 && !x.isDisposed,
  ),
);

/** A seed as a tensor: a whole number of 31 bits as it is, any other number as the sub-seed of it. */
export function seedTensor(seed: number | Scalar): Scalar {
  if (typeof seed !== 'number') return seed;
  const isWhole = Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31;
  return scalar(isWhole ? seed : subSeed(seed), 'int32');
}

/**
 * The number of a seed. On WebGPU this works for a seed that was made from a number and that no operation on
 * the device has used; on tfjs-node it waits for TensorFlow.
 */
export function seedNumber(seed: Scalar): number {
  // eslint-disable-next-line no-restricted-syntax -- random numbers in JavaScript are needed at once
  const [number] = seed.dataSync<'int32'>();
  return number as number;
}
