import { loadDigits, select } from '@kd-datasets/mnist';
import type { InMemoryData } from '@kd/data';

/** 2,000 digits to learn from and 1,000 to validate on, as maps of 28 x 28. */
export async function someDigits(): Promise<{ train: InMemoryData; validation: InMemoryData }> {
  const all = await loadDigits('train');
  const data = (from: number, size: number): InMemoryData => {
    const { images, labels } = select(
      all,
      Int32Array.from({ length: size }, (_, index) => from + index),
    );
    return { inputs: { values: images, shape: [size, 28, 28, 1] }, labels };
  };
  return { train: data(0, 2000), validation: data(2000, 1000) };
}
