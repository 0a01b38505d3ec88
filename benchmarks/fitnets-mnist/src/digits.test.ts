import { shuffledOrder } from '@kd/data';
import { expect, it } from 'vitest';
import { asMaps, digitsOf } from './digits.js';

it('gives each digit one id, because the answers of teachers are found by id', async () => {
  const { validation, learning, test } = await digitsOf({ validation: 100, learning: 200, test: 300 });
  const all = [validation, learning, test].flatMap((digits) => asMaps(digits).ids ?? []);
  expect([all.length, new Set(all).size]).toEqual([600, 600]);
});

it('learns from the first digits of an order, and judges on its last', async () => {
  const { learning, validation } = await digitsOf({ learning: 2, validation: 3, test: 1 });
  const order = shuffledOrder(60_000, 2015);
  const ids = (rows: Int32Array) => Array.from(rows, (row) => `train-${String(row)}`);
  expect(learning.ids).toEqual(ids(order.slice(0, 2)));
  expect(validation.ids).toEqual(ids(order.slice(59_997)));
});
