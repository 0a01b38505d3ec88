import { describeShape, KdError } from '@kd/core';
import { randomCrop, randomFlip } from '@kd/data';
import type { Augmentation, Image } from '@kd/data';
import { channels, normalizedBytes, side } from './pixels.js';

const padding = 4;
const wide = side + 2 * padding;

/**
 * The usual augmentation of CIFAR (He et al. 2016, section 4.2): a picture of 32x32 is cut out of one with
 * four more pixels on each side, and mirrored half of the time.
 *
 * The added pixels are black, as in RepDistiller, which pads before it normalises. `randomCrop({ padding })`
 * pads normalised pictures with zeros: the mean colour.
 *
 * @returns augmentations for `augmentedStream`, which throw `KD_TENSOR_SHAPE` for images of another size
 */
export function cropAndFlip(): readonly Augmentation[] {
  const crop = randomCrop({ height: side, width: side });
  return [(image, random) => crop(framed(image), random), randomFlip()];
}

const black = Float32Array.from({ length: wide * wide * channels }, (_, at) => {
  const table = normalizedBytes[at % channels] as Float32Array;
  return table[0] as number;
});

function framed({ values, shape }: Image): Image {
  if (shape.join() !== [side, side, channels].join()) {
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where: 'cropAndFlip',
      argument: 'an image',
      expected: describeShape([side, side, channels]),
      received: describeShape(shape),
      remedy: 'Pass pictures of loadPictures, or use randomCrop({ padding }) of @kd/data.',
    });
  }
  const frame = black.slice();
  const line = side * channels;
  for (let row = 0; row < side; row++) {
    const corner = ((row + padding) * wide + padding) * channels;
    frame.set(values.subarray(row * line, (row + 1) * line), corner);
  }
  return { values: frame, shape: [wide, wide, channels] };
}
