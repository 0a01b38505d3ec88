import { loadDigits, slice } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** The first `count` training digits. */
export async function trainingDigits(count: number): Promise<Digits> {
  return slice(await loadDigits('train'), 0, count);
}
