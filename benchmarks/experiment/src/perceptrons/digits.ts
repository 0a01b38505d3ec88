import { shuffledOrder } from '@kd/data';
import { loadDigits, select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** Digits that a net learns from: so many of one order, less some classes. */
export interface DigitSet {
  /** How many come before them in the order; default 0. */
  readonly from?: number;
  readonly count: number;
  /** Classes that are left out; the set is smaller by them. */
  readonly without?: readonly number[];
}

/** Digits that nobody learns from; all choices are made by them. */
export const validationSize = 5000;
/** Digits that there are to learn from. */
export const learningSize: number = 60_000 - validationSize;

// One order for all trainings: those of a larger set are those of a smaller one, and more.
const order = shuffledOrder(60_000, 2015);
// Read where they are first needed, once a process.
let files: Promise<{ readonly train: Digits; readonly test: Digits }> | undefined;

async function load(): Promise<{ readonly train: Digits; readonly test: Digits }> {
  const [train, test] = await Promise.all([loadDigits('train'), loadDigits('t10k')]);
  return { train, test };
}

/** MNIST by what it is used for: test digits are counted, nothing is chosen by them. */
export async function digitsOf({
  from = 0,
  count,
  without = [],
}: DigitSet): Promise<Record<'validation' | 'learning' | 'test', Digits>> {
  files ??= load();
  const { train, test } = await files;
  const rows = order
    .slice(validationSize + from, validationSize + from + count)
    .filter((row) => !without.includes(train.labels[row] as number));
  return {
    validation: select(train, order.slice(0, validationSize)),
    learning: select(train, rows),
    test,
  };
}
