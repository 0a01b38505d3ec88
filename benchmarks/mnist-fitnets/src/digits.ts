import { shuffledOrder } from '@kd/data';
import type { InMemoryData } from '@kd/data';
import { asData, loadDigits, select } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import type { DigitCounts } from './job.js';
import { side } from './models.js';

// One order for all trainings: those of a larger set are the same as those of a smaller one, and more.
const order = shuffledOrder(60_000, 2015);
const files = { train: loadDigits('train'), test: loadDigits('t10k') };

/** MNIST by what it is used for; test digits are counted, nothing is chosen by them. */
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

/** Digits as the trainer takes them: maps of one channel. */
export function asMaps(digits: Digits): InMemoryData {
  return asData(digits, [side, side, 1]);
}
