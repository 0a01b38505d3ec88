import { numbers } from './numbers.js';
import type { Size } from './recipe.js';

/** Number of classes in all recipes. */
export const classes = 10;

/** Examples in memory. */
export interface Examples {
  readonly inputs: { readonly values: Float32Array; readonly shape: number[] };
  readonly labels: Int32Array;
  readonly ids: string[];
}

/** The first `count` rows of a fixed set: noisy copies of one example per class. */
export function examples(count: number, shape: readonly number[]): Examples {
  const width = shape.reduce((a, b) => a * b, 1);
  const pure = numbers(classes * width, 1);
  const noise = numbers(count * width, 2);
  const labels = Int32Array.from({ length: count }, (_, row) => (7 * row) % classes);
  const values = noise.map(
    (value, at) =>
      0.8 * value + 0.5 * (pure[(labels[Math.floor(at / width)] ?? 0) * width + (at % width)] ?? 0),
  );
  return {
    inputs: { values, shape: [count, ...shape] },
    labels,
    ids: Array.from(labels, (_, row) => `example-${String(row)}`),
  };
}

/** As many examples as the epochs of a size see. */
export function examplesOf({ batch, batches }: Size, shape: readonly number[]): Examples {
  return examples(batch * batches, shape);
}
