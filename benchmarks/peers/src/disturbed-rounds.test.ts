import { expect, it } from 'vitest';
import { disturbedRounds } from './disturbed-rounds.js';

it('finds the rounds over twice the best one of the same series', () => {
  expect(disturbedRounds([[5, 10, 10.1, 4.9]])).toEqual([1, 2]);
  expect(
    disturbedRounds([
      [5, 5, 11],
      [20, 41, 21],
    ]),
  ).toEqual([1, 2]);
});

it('finds none where nothing ran', () => {
  expect(disturbedRounds([])).toEqual([]);
  expect(disturbedRounds([[3]])).toEqual([]);
});
