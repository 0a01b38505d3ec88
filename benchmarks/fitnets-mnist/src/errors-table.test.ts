import { asBits } from '@kd-benchmarks/experiment/parts';
import { describe, expect, it } from 'vitest';
import { differenceOf } from './errors-table.js';
import { stepsOnPlateau } from './steps-on-plateau.js';
import type { Trained } from './studies/index.js';

const wrong = (from: number, count: number): { wrong: string } => ({
  wrong: asBits(
    Array.from({ length: count }, (_, row) => from + row),
    100,
  ),
});

describe('differenceOf', () => {
  // Of 12 rows that only one of both gets wrong, 10 are the second's: p = 2 (1 + 12 + 66) / 2^12 = 0.0386.
  // Of 10 with 8: p = 2 (1 + 10 + 45) / 2^10 = 0.109.
  it.each([
    [wrong(0, 2), wrong(2, 10), 'fewer, p = 0.039'],
    [wrong(2, 10), wrong(0, 2), 'more, p = 0.039'],
    [wrong(0, 2), wrong(2, 8), 'not separated, p = 0.11'],
  ])('says whether there are fewer errors, if chance is unlikely (%#)', (first, second, text) => {
    expect(differenceOf([{ seed: 1, ...first }], [{ seed: 1, ...second }])).toBe(text);
  });

  it('counts all seeds together', () => {
    // 10 rows against 2, in two pairs of 5 against 1.
    const ofSeeds = (each: { readonly wrong: string }) => [1, 2].map((seed) => ({ seed, ...each }));
    const first = ofSeeds(wrong(0, 1));
    const second = ofSeeds(wrong(1, 5)).reverse();
    expect(differenceOf(first, second)).toBe('fewer, p = 0.039');
  });
});

describe('stepsOnPlateau', () => {
  const trained = (...steps: (number | null)[]): Trained =>
    ({ results: steps.map((hard) => ({ leftPlateau: { hard } })) }) as unknown as Trained;

  it.each([
    [trained(100, 200, 600), '300 (100-600)'],
    [trained(100, null, 200), '150 (100-200); 1 of 3 never'],
    [trained(null, null), '2 of 2 never'],
    [undefined, ''],
  ])('is the mean of the seeds that leave it (%#)', (of, text) => {
    expect(stepsOnPlateau(of)).toBe(text);
  });
});
