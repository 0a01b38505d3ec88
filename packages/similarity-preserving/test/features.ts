import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Features of a shape, the same in every run: numbers from -2 to 2 without a short period. */
export function features(shape: readonly number[], phase = 0): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from(
    { length: size },
    (_, index) => 2 * Math.sin(phase + 1.7 * index + 0.01 * index * index),
  );
  return tensor(values, [...shape]);
}

/** Features `[B, D]` with the given factor on each row. */
export function scaledRows(rows: readonly (readonly number[])[], factors: readonly number[]): number[][] {
  return rows.map((row, index) => row.map((x) => x * (factors[index] ?? NaN)));
}
