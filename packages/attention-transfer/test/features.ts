import { tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';

/** Feature maps of a shape, the same in every run: numbers from -2 to 2 without a short period. */
export function features(shape: readonly number[], phase = 0): Tensor4D {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: size },
    (_, index) => 2 * Math.sin(phase + 1.7 * index + 0.01 * index * index),
  );
  return tensor4d(values, shape as [number, number, number, number]);
}
