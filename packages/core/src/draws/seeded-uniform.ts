import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedKernel } from '../fused-kernel.js';
import { hashedNumbers } from './hashed-numbers.js';
import { seedNumber, seedTensor } from './seed.js';
import type { Seed } from './seed.js';
import { subSeed } from '../sub-seed.js';

/**
 * Uniform random numbers in [0, 1) that depend on nothing but a seed, which may be known only on the device,
 * and a place.
 *
 * Each number is a hash of its index, with two keys made of seed and place. On tfjs-node TensorFlow's
 * `StatelessRandomUniform` draws instead, from the seeds `[seed, place]`, if `registerTrainingKernels` of
 * @kd/backend was called: nothing is read back, and the numbers are others.
 *
 * @param shape the shape of the result
 * @param seed changes from step to step: a whole number from 0 to 2^31 - 1, or an int32 scalar of one
 * @param place a whole number from 0 to 2^31 - 1 that says which draw of the step this is: take
 *   `subSeed(0, 'my draw', ...)`, because two draws of one place are equal
 * @returns float32 tensor of the shape, without a gradient
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { seededUniform } from '@kd/core';
 * import { scalar } from '@tensorflow/tfjs-core';
 * for (const [seed, place] of [[1, 0], [1, 1], [2, 0], [scalar(1, 'int32'), 0]] as const)
 *   console.log((await seededUniform([3], seed, place).data()).join(' '));
 * // 0.5288828015327454 0.363511860370636 0.4659157991409302
 * // 0.7680387496948242 0.8869767189025879 0.33449631929397583
 * // 0.47242432832717896 0.856743335723877 0.5434016585350037
 * // 0.5288828015327454 0.363511860370636 0.4659157991409302
 * ```
 */
export function seededUniform(shape: readonly number[], seed: Seed, place: number): Tensor {
  return tidy(() => {
    const inputs = { seed: seedTensor(seed) };
    const [drawn] = fusedKernel('StatelessRandomUniform', inputs, { shape: [...shape], place }) ?? [];
    return drawn ?? tensor(uniformNumbers(sizeOf(shape), seedNumber(seed), place), [...shape]);
  });
}

function uniformNumbers(size: number, seed: number, place: number): Float32Array {
  const numbers = new Float32Array(size);
  hashedNumbers(numbers, [subSeed(seed, 'index', place), subSeed(seed, 'round', place)]);
  return numbers;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
