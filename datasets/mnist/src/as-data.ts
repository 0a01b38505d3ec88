import type { InMemoryData } from '@kd/data';
import { pixels } from './digits.js';
import type { Digits } from './digits.js';

/**
 * Converts digits for the trainer: rows of 784 pixels, or images of another shape such as `[28, 28, 1]`.
 */
export function asData(
  { images, labels, ids, size }: Digits,
  shape: readonly number[] = [pixels],
): InMemoryData {
  return { inputs: { values: images, shape: [size, ...shape] }, labels, ids };
}
