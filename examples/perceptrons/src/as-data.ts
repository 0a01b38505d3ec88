import type { InMemoryData } from '@kd/data';
import type { Digits } from '@kd-examples/mnist';
import { pixels } from '@kd-examples/mnist';

/** Digits as the trainer takes them. */
export function asData({ images, labels, ids, size }: Digits): InMemoryData {
  return {
    inputs: { values: images, shape: [size, pixels] },
    labels,
    ids,
  };
}
