import { expect, it } from 'vitest';
import { searchAndTrain } from './search-and-train.js';

it('chooses by validation alone, and trains the other seeds with the number chosen', async () => {
  const asked: [number, number][] = [];
  const result = await searchAndTrain([0.5, 1, 2], [1, 2, 3], (candidate, seed) => {
    asked.push([candidate, seed]);
    // The best on validation is the worst on test; 1 and 2 are equal.
    return Promise.resolve({ validation: candidate === 0.5 ? 80 : 85, test: 90 - candidate - seed });
  });
  expect(asked).toEqual([[0.5, 1], [1, 1], [2, 1], [1, 2], [1, 3]]); // prettier-ignore
  expect(result).toEqual({
    search: [
      { candidate: 0.5, validation: 80 },
      { candidate: 1, validation: 85 },
      { candidate: 2, validation: 85 },
    ],
    chosen: 1,
    students: [
      { seed: 1, validation: 85, test: 88 },
      { seed: 2, validation: 85, test: 87 },
      { seed: 3, validation: 85, test: 86 },
    ],
  });
});

it('has no result if a training was interrupted', async () => {
  const interrupted = (at: number) => {
    let count = 0;
    return searchAndTrain([1, 2], [1, 2], () =>
      Promise.resolve(count++ === at ? undefined : { validation: 1, test: 1 }),
    );
  };
  expect(await Promise.all([0, 1, 2].map(interrupted))).toEqual([undefined, undefined, undefined]);
});
