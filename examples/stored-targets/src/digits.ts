import { loadDigits, pixels, select } from '@kd-examples/mnist';
import type { Digits } from '@kd-examples/mnist';
import type { InMemoryData } from '@kd/data';

/** Digits as trainer and store take them: the id of a digit is its row in MNIST's training set. */
export type DigitData = InMemoryData & { readonly ids: readonly string[] };

/** The first `count` training digits. */
export async function trainingDigits(count: number): Promise<Digits> {
  const digits = await loadDigits('train');
  return select(
    digits,
    Int32Array.from({ length: count }, (_, row) => row),
  );
}

/** Digits with an id for each. */
export function withIds({ images, labels, size }: Digits): DigitData {
  const ids = Array.from({ length: size }, (_, row) => `mnist-${String(row)}`);
  return { inputs: { values: images, shape: [size, pixels] }, labels, ids };
}
