import { describeShape, KdError, optionsOf, whole } from '@kd/core';
import { windowOf } from './image.js';
import type { Augmentation } from './image.js';

/** Options of `randomCrop`. */
export interface RandomCropOptions {
  /** Zeros around the image on each side, in pixels, a whole number >= 0; default 0. */
  readonly padding?: number;
  /** Height of the result, a whole number >= 1; default: that of the image. */
  readonly height?: number;
  /** Width of the result, a whole number >= 1; default: that of the image. */
  readonly width?: number;
}

const where = 'randomCrop';
const cropOptions = optionsOf<RandomCropOptions>()({
  padding: whole(0).default(0),
  height: whole(1).optional(),
  width: whole(1).optional(),
});

/**
 * Pads an image with zeros, and cuts a window out at a random place: every place is equally likely.
 *
 * He et al. 2016, Deep Residual Learning for Image Recognition, section 4.2, with a padding of 4 pixels.
 *
 * @param options padding; height and width of the result
 * @returns an augmentation from `[H, W, C]` to `[height, width, C]`
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; the augmentation throws
 *   `KD_TENSOR_SHAPE` if the padded image is smaller than the window
 *
 * @example
 * ```ts
 * import { exampleRandom, randomCrop } from '@kd/data';
 * const image = { values: Float32Array.of(1, 2, 3, 4), shape: [2, 2, 1] } as const;
 * console.log(randomCrop({ padding: 1 })(image, exampleRandom(1, 0, 0)).values.join(' '));
 * // 0 0 2 0
 * ```
 */
export function randomCrop(options: RandomCropOptions = {}): Augmentation {
  const { padding, height, width } = cropOptions.read(where, options);
  return (image, random) => {
    const { shape } = image;
    const size = [height ?? shape[0], width ?? shape[1]] as const;
    const room = [shape[0] + 2 * padding - size[0], shape[1] + 2 * padding - size[1]] as const;
    if (room[0] < 0 || room[1] < 0) {
      throw new KdError({
        code: 'KD_TENSOR_SHAPE',
        where,
        argument: 'an image',
        expected: `at least ${describeShape(size)} with a padding of ${String(padding)}`,
        received: describeShape(shape),
        remedy: 'Choose a smaller height and width, or more padding.',
      });
    }
    const corner = [random.integer(0, room[0]) - padding, random.integer(0, room[1]) - padding] as const;
    return windowOf(image, corner, size);
  };
}
