import { shuffledOrder } from '@kd/data';
import type { InMemoryData } from '@kd/data';
import { asData, loadDigits, select, slice } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import type { DigitCounts } from './job.js';
import { side } from './models.js';

const all = 60_000;
// One order for all trainings, so that a larger set starts with the digits of a smaller one.
const order = shuffledOrder(all, 2015);

// Read on first use, once per process.
let files: Promise<readonly [Digits, Digits]> | undefined;

/**
 * MNIST by purpose: the first digits of the order to learn from, its last ones to choose epochs and learning
 * rates, and the test digits, which only count errors.
 */
export async function digitsOf({
  learning,
  validation,
  test,
}: DigitCounts): Promise<Record<'learning' | 'validation' | 'test', Digits>> {
  files ??= Promise.all([loadDigits('train'), loadDigits('t10k')]);
  const [train, t10k] = await files;
  return {
    learning: select(train, order.slice(0, learning)),
    validation: select(train, order.slice(all - validation)),
    test: test === t10k.size ? t10k : slice(t10k, 0, test),
  };
}

/** Digits for the trainer: maps with one channel. */
export function asMaps(digits: Digits): InMemoryData {
  return asData(digits, [side, side, 1]);
}
