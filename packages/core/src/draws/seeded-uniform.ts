import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedKernel } from '../fused-kernel.js';
import { philox } from './philox.js';
import type { Words } from './philox.js';
import { seedNumber, seedTensor } from './seed.js';
import type { Seed } from './seed.js';

/**
 * Uniform random numbers in [0, 1) that depend on nothing but a seed, which may be known only on the device,
 * and a place.
 *
 * Number `i` is `w / 2^23`, where `w` are the lower 23 bits of word `i mod 4` of block `floor(i / 4)` of the
 * generator Philox 4x32-10. Its key and counter come from seed and place as in TensorFlow's
 * `StatelessRandomUniform`, so every backend gives the numbers of TensorFlow, to the bit. On tfjs-node that
 * operation runs, if `registerTrainingKernels` of @kd/backend was called, and nothing is read back.
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
 * // 0.8784881830215454 0.4599802494049072 0.6002912521362305
 * // 0.09827709197998047 0.14063823223114014 0.4553436040878296
 * // 0.8009790182113647 0.7047168016433716 0.6971782445907593
 * // 0.8784881830215454 0.4599802494049072 0.6002912521362305
 * ```
 */
export function seededUniform(shape: readonly number[], seed: Seed, place: number): Tensor {
  return tidy(() => {
    const inputs = { seed: seedTensor(seed) };
    const [drawn] = fusedKernel('StatelessRandomUniform', inputs, { shape: [...shape], place }) ?? [];
    return drawn ?? tensor(uniformNumbers(sizeOf(shape), seedNumber(seed), place), [...shape]);
  });
}

/** The numbers in JavaScript, 12 ns each. */
function uniformNumbers(size: number, seed: number, place: number): Float32Array {
  const words = new Int32Array(4 * Math.ceil(size / 4));
  // TensorFlow stretches seeds to 64 bits, sign included, and mixes them once with a key of its own.
  const mixed = new Int32Array(4);
  philox(mixed, [seed, seed >> 31, place, place >> 31], [0x3ec8f720, 0x02461e29]);
  const [key0, key1, counter2, counter3] = mixed as unknown as Words;
  philox(words, [0, 0, counter2, counter3], [key0, key1]);
  // In place, because a number takes as many bytes as a word; in a loop, because `forEach` doubles the time.
  const numbers = new Float32Array(words.buffer);
  for (let index = 0; index < words.length; index++)
    numbers[index] = ((words[index] ?? 0) & 0x7fffff) * 2 ** -23;
  return size === numbers.length ? numbers : numbers.slice(0, size);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
