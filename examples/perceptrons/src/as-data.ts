import type { InMemoryData } from '@kd/trainer';
import type { Digits } from '@kd-examples/mnist';
import { pixels } from '@kd-examples/mnist';

/** Digits as the trainer takes them, each with its row as its id. */
export function asData({ images, labels, size }: Digits): InMemoryData {
  return {
    inputs: { values: images, shape: [size, pixels] },
    labels,
    ids: Array.from({ length: size }, (_, row) => String(row)),
  };
}
