import { shuffledOrder } from '@kd/data';
import { loadDigits, select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** The digits by purpose. Test digits are used only for the table. */
export interface Split {
  /** What the teacher learns from. */
  readonly teaching: Digits;
  /** What the students learn from: a part of `teaching`. */
  readonly transfer: Digits;
  /** Chooses hyper-parameters and epochs; no model learns from it. */
  readonly validation: Digits;
  readonly test: Digits;
}

const validationSize = 5000;
// One split for all runs, so that their tables are comparable.
const splitSeed = 2015;

/**
 * Splits MNIST's training digits: 5,000 for validation and the rest for the teacher, with a part of these for
 * the students.
 */
export async function splitDigits(transferSize: number): Promise<Split> {
  const [train, test] = await Promise.all([loadDigits('train'), loadDigits('t10k')]);
  const order = shuffledOrder(train.size, splitSeed);
  return {
    validation: select(train, order.slice(0, validationSize)),
    teaching: select(train, order.slice(validationSize)),
    transfer: select(train, order.slice(validationSize, validationSize + transferSize)),
    test,
  };
}

/** The largest transfer set that the split allows. */
export const largestTransferSize: number = 60_000 - validationSize;
