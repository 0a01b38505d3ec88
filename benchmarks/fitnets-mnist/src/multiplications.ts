import { pieces, side } from './models.js';
import type { Plan } from './plan.js';

/**
 * The number of multiplications in the forward pass of one image: those of convolutions and logits, as the
 * paper counts. Multiplications with zeros of the padding count too.
 */
export function multiplicationsOf(plan: Plan): number {
  let [size, channels, count] = [side, 1, 0];
  for (const { units, kernel, padding, pooling } of plan) {
    if (padding !== 'same') size += 2 * padding - (kernel - 1);
    count += size ** 2 * kernel ** 2 * channels * pieces * units;
    channels = units;
    if (pooling === undefined) continue;
    const overlap = pooling.padding === 'same' ? 1 : pooling.size;
    size = Math.floor((size - overlap) / pooling.stride) + 1;
  }
  return count + size ** 2 * channels * 10;
}
