import { expect, it } from 'vitest';
import { inTurns } from './in-turns.js';
import { median, pairedRatio } from './statistics.js';

it('takes the median of an even count between the two middle values', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([5, 1, 4, 2])).toBe(3);
});

it('compares values of the same round', () => {
  // 2, 1 and 0.5. The ratio of the two medians would also be 1, but would have no range.
  expect(pairedRatio([2, 4, 1], [1, 4, 2])).toEqual({ median: 1, range: [0.5, 2] });
});

it('reverses the order in every other round', async () => {
  const turns: string[] = [];
  await inTurns(3, ['a', 'b'], async (name, round) => {
    await Promise.resolve();
    turns.push(`${name}${String(round)}`);
  });
  expect(turns.join(' ')).toBe('a0 b0 b1 a1 a2 b2');
});
