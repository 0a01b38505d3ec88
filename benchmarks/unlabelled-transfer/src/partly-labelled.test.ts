import { expect, it } from 'vitest';
import { partlyLabelled } from './partly-labelled.js';

it('keeps only the first labels', () => {
  const ids = ['train-5', 'train-2', 'train-9', 'train-7'];
  const labels = Int32Array.of(3, 0, 9, 7);
  const digits = { size: 4, images: new Float32Array(4 * 784).fill(0.5), labels, ids };
  expect(partlyLabelled(digits, 2)).toMatchObject({
    labels: Int32Array.of(3, 0, -1, -1),
    labelled: Float32Array.of(1, 1, 0, 0),
    ids,
  });
  // The argument stays unchanged.
  expect(digits.labels).toEqual(Int32Array.of(3, 0, 9, 7));
  expect(partlyLabelled(digits, 0).labelled).toEqual(new Float32Array(4));
});
