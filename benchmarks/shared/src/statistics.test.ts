import { expect, it } from 'vitest';
import { inTurns } from './in-turns.js';
import { median, pairedRatio } from './statistics.js';

it('the median of an even number is between the two in the middle', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([5, 1, 4, 2])).toBe(3);
});

it('ratios are those of the same rounds', () => {
  // 2, 1 and 0.5; the medians alone would give 1 too, and no range.
  expect(pairedRatio([2, 4, 1], [1, 4, 2])).toEqual({ median: 1, range: [0.5, 2] });
});

it('every other round is in the opposite order', async () => {
  const turns: string[] = [];
  await inTurns(3, ['a', 'b'], async (name, round) => {
    await Promise.resolve();
    turns.push(`${name}${String(round)}`);
  });
  expect(turns.join(' ')).toBe('a0 b0 b1 a1 a2 b2');
});
