import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Numbers from -0.5 to 0.5 that do not repeat soon; the same in every run. */
export function wave(count: number, phase: number): number[] {
  return Array.from(
    { length: count },
    (_, index) => 0.5 * Math.sin(phase + 1.7 * index + 0.01 * index * index),
  );
}

/** Features of a shape, the same in every run: numbers from -2 to 2 that do not repeat soon. */
export function features(shape: readonly number[], phase = 0): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    wave(size, phase).map((x) => 4 * x),
    [...shape],
  );
}
