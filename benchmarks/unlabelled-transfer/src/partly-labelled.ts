import type { InMemoryData } from '@kd/data';
import { asData } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/**
 * Digits with labels for the first `labelled` only. The other labels are overwritten by -1, which is not a
 * class, so that nothing can learn from them.
 */
export function partlyLabelled(digits: Digits, labelled: number): InMemoryData {
  const isLabelled = Float32Array.from({ length: digits.size }, (_, row) => (row < labelled ? 1 : 0));
  const labels = digits.labels.map((label, row) => (row < labelled ? label : -1));
  return { ...asData({ ...digits, labels }), labelled: isLabelled };
}
