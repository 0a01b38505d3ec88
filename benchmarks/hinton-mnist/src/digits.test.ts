import { loadDigits } from '@kd-datasets/mnist';
import { expect, it } from 'vitest';
import { digitsOf } from './digits.js';

it('takes the first digits to learn from, without some classes, and the last for validation', async () => {
  const train = await loadDigits('train');
  const { learning, validation, test } = await digitsOf({ count: 50, without: [3, 7] });
  const kept = [...train.labels.slice(0, 50)].filter((label) => label !== 3 && label !== 7);
  expect([...learning.labels]).toEqual(kept);
  expect(learning.size).toBe(kept.length);
  expect(learning.ids.at(0)).toBe('train-0');
  expect(validation.ids.at(0)).toBe('train-50000');
  expect(validation.ids.at(-1)).toBe('train-59999');
  expect(test.size).toBe(10_000);
});
