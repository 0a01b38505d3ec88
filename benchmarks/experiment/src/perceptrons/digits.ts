import { shuffledOrder } from '@kd/data';
import { loadDigits, select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** The digits that a net learns from: `count` digits of a fixed order, without the omitted classes. */
export interface DigitSet {
  /** How many digits of the order to skip first; default 0. */
  readonly from?: number;
  readonly count: number;
  /** Omitted classes; the set is smaller without them. */
  readonly without?: readonly number[];
}

/** Number of digits that no net learns from; all choices are based on them. */
export const validationSize = 5000;
/** Number of digits available to learn from. */
export const learningSize: number = 60_000 - validationSize;

// One order for all trainings, so that a larger set starts with the digits of a smaller one.
const order = shuffledOrder(60_000, 2015);
// Read on first use, once per process.
let files: Promise<{ readonly train: Digits; readonly test: Digits }> | undefined;

async function load(): Promise<{ readonly train: Digits; readonly test: Digits }> {
  const [train, test] = await Promise.all([loadDigits('train'), loadDigits('t10k')]);
  return { train, test };
}

/** MNIST by purpose. Test digits only count errors; they choose nothing. */
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
