import type { Random } from './example-random.js';

/** An image: float32, `[H, W, C]`, row-major. */
export interface Image {
  readonly values: Float32Array;
  readonly shape: readonly [height: number, width: number, channels: number];
}

/**
 * Makes a new image from one, with randomness from `random` only. All images of a batch must get the same
 * shape.
 */
export type Augmentation = (image: Image, random: Random) => Image;

/** The part of an image from the corner (top, left), which may lie outside; zeros where there is no image. */
export function windowOf(
  { values, shape: [height, width, channels] }: Image,
  [top, left]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): Image {
  const part = new Float32Array(rows * columns * channels);
  const [first, end] = [Math.max(0, left), Math.min(width, left + columns)];
  for (let row = Math.max(0, -top); row < Math.min(rows, height - top) && first < end; row++) {
    const start = (top + row) * width;
    const line = values.subarray((start + first) * channels, (start + end) * channels);
    part.set(line, (row * columns + first - left) * channels);
  }
  return { values: part, shape: [rows, columns, channels] };
}
