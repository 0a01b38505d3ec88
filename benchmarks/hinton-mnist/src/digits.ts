import { loadDigits, select, slice } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** Rows of the training file: the first `count`, without the omitted classes. */
export interface DigitSet {
  readonly count: number;
  /** Omitted classes; the set is smaller without them. */
  readonly without?: readonly number[];
}

/** How many digits at the end of the training file judge the trials, which do not learn them. */
export const validationSize = 10_000;

interface Files {
  readonly train: Digits;
  readonly validation: Digits;
  readonly test: Digits;
}

// Read on first use, once per process.
let files: Promise<Files> | undefined;

async function load(): Promise<Files> {
  const [train, test] = await Promise.all([loadDigits('train'), loadDigits('t10k')]);
  return { train, validation: slice(train, train.size - validationSize, train.size), test };
}

/** The digits to learn from, the last digits of the training file, and the test digits. */
export async function digitsOf({
  count,
  without = [],
}: DigitSet): Promise<Record<'learning' | 'validation' | 'test', Digits>> {
  files ??= load();
  const { train, validation, test } = await files;
  const first = slice(train, 0, count);
  if (without.length === 0) return { learning: first, validation, test };
  const rows = Int32Array.from(first.labels.keys()).filter(
    (row) => !without.includes(first.labels[row] as number),
  );
  return { learning: select(first, rows), validation, test };
}
