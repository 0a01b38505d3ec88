import { expect, it } from 'vitest';
import { asMaps, digitsOf } from './digits.js';

it('gives each digit a unique id across learning and validation, because the teacher is cached by id', async () => {
  const { validation, learning, test } = await digitsOf({ validation: 100, learning: 200 });
  const all = [validation, learning, test].flatMap((digits) => asMaps(digits).ids ?? []);
  expect([all.length, new Set(all).size]).toEqual([10_300, 10_300]);
  // A digit keeps its id in a larger set.
  expect((await digitsOf({ validation: 100, learning: 300 })).learning.ids.slice(0, 200)).toEqual(
    learning.ids,
  );
});
