import { fraction, oneOf, optionsOf } from '@kd/core';
import type { Augmentation, Image } from './image.js';

/** Options of `randomFlip`. */
export interface RandomFlipOptions {
  /** `horizontal` swaps left and right, `vertical` top and bottom; default `horizontal`. */
  readonly axis?: 'horizontal' | 'vertical';
  /** How likely a flip is, in [0, 1]; default 0.5. */
  readonly probability?: number;
}

const flipOptions = optionsOf<RandomFlipOptions>()({
  axis: oneOf('horizontal', 'vertical').default('horizontal'),
  probability: fraction.default(0.5),
});

/**
 * Mirrors an image, or leaves it as it is.
 *
 * @param options axis and probability
 * @returns an augmentation that keeps the shape `[H, W, C]`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { exampleRandom, randomFlip } from '@kd/data';
 * const image = { values: Float32Array.of(1, 2, 3), shape: [1, 3, 1] } as const;
 * console.log(randomFlip({ probability: 1 })(image, exampleRandom(1, 0, 0)).values.join(' '));
 * // 3 2 1
 * ```
 */
export function randomFlip(options: RandomFlipOptions = {}): Augmentation {
  const { axis, probability } = flipOptions.read('randomFlip', options);
  return (image, random) => (random.uniform() < probability ? flipped(image, axis === 'vertical') : image);
}

function flipped({ values, shape }: Image, isVertical: boolean): Image {
  const [height, width, channels] = shape;
  // What moves as one: a line of the image, or a pixel.
  const [groups, count, size] = isVertical ? [1, height, width * channels] : [height, width, channels];
  const mirrored = new Float32Array(values.length);
  for (let group = 0; group < groups; group++) {
    for (let index = 0; index < count; index++) {
      const from = (group * count + count - 1 - index) * size;
      const to = (group * count + index) * size;
      // Not subarray and set: a pixel is too small for them.
      for (let at = 0; at < size; at++) mirrored[to + at] = values[from + at] as number;
    }
  }
  return { values: mirrored, shape };
}
