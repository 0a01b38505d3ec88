import { loadDigits, select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** Rows of the training file: the first `count`, without the omitted classes. */
export interface DigitSet {
  readonly count: number;
  /** Omitted classes; the set is smaller without them. */
  readonly without?: readonly number[];
}

/** How many digits at the end of the training file judge the trials, which do not learn them. */
export const validationSize = 10_000;

// Read on first use, once per process.
let files: Promise<{ readonly train: Digits; readonly test: Digits }> | undefined;

async function load(): Promise<{ readonly train: Digits; readonly test: Digits }> {
  const [train, test] = await Promise.all([loadDigits('train'), loadDigits('t10k')]);
  return { train, test };
}

/** The digits to learn from, the last digits of the training file, and the test digits. */
export async function digitsOf({
  count,
  without = [],
}: DigitSet): Promise<Record<'learning' | 'validation' | 'test', Digits>> {
  files ??= load();
  const { train, test } = await files;
  const learned = rows(0, count).filter((row) => !without.includes(train.labels[row] as number));
  return {
    learning: select(train, learned),
    validation: select(train, rows(train.size - validationSize, validationSize)),
    test,
  };
}

function rows(from: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => from + index);
}
