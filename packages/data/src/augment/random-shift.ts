import { optionsOf, whole } from '@kd/core';
import { windowOf } from './image.js';
import type { Augmentation } from './image.js';

/** Options of `randomShift`. */
export interface RandomShiftOptions {
  /** The largest shift up or down, in pixels, a whole number >= 0; default 0. */
  readonly height?: number;
  /** The largest shift to the left or right, in pixels, a whole number >= 0; default 0. */
  readonly width?: number;
}

const shiftOptions = optionsOf<RandomShiftOptions>()({
  height: whole(0).default(0),
  width: whole(0).default(0),
});

/**
 * Moves an image by whole pixels; zeros fill what becomes free. Every shift is equally likely.
 *
 * @param options the largest shifts
 * @returns an augmentation that keeps the shape `[H, W, C]`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { exampleRandom, randomShift } from '@kd/data';
 * const image = { values: Float32Array.of(1, 2, 3), shape: [1, 3, 1] } as const;
 * const shift = randomShift({ width: 1 });
 * console.log([0, 1, 2].map((row) => shift(image, exampleRandom(1, 0, row)).values.join(' ')).join(', '));
 * // 2 3 0, 1 2 3, 1 2 3
 * ```
 */
export function randomShift(options: RandomShiftOptions = {}): Augmentation {
  const { height, width } = shiftOptions.read('randomShift', options);
  return (image, random) => {
    const [rows, columns] = image.shape;
    const corner = [random.integer(-height, height), random.integer(-width, width)] as const;
    return windowOf(image, corner, [rows, columns]);
  };
}
