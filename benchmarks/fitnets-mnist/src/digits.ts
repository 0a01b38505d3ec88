import { shuffledOrder } from '@kd/data';
import type { InMemoryData } from '@kd/data';
import { asData, loadDigits, select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import type { DigitCounts } from './job.js';
import { side } from './models.js';

// One order for all trainings, so that a larger set starts with the digits of a smaller one.
const order = shuffledOrder(60_000, 2015);
const files = { train: loadDigits('train'), test: loadDigits('t10k') };

/** MNIST by purpose. Test digits only count errors; they choose nothing. */
export async function digitsOf({
  validation,
  learning,
}: DigitCounts): Promise<Record<'validation' | 'learning' | 'test', Digits>> {
  const train = await files.train;
  return {
    validation: select(train, order.slice(0, validation)),
    learning: select(train, order.slice(validation, validation + learning)),
    test: await files.test,
  };
}

/** Digits for the trainer: maps with one channel. */
export function asMaps(digits: Digits): InMemoryData {
  return asData(digits, [side, side, 1]);
}
