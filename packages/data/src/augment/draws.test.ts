import { describe, expect, it } from 'vitest';
import { betaDraw } from './beta.js';
import { exampleRandom } from './example-random.js';
import type { Random } from './example-random.js';

const moments = (values: readonly number[]): { mean: number; variance: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
};
/** One draw of each of n examples, as augmentations make them. */
const draws = (n: number, draw: (random: Random) => number): number[] =>
  Array.from({ length: n }, (_, row) => draw(exampleRandom(1, 0, row)));
const n = 20_000;
// Four standard errors of a mean of n values.
const near = (variance: number): number => 4 * Math.sqrt(variance / n);

describe('the random numbers of an example', () => {
  it('are the same again, and others for another seed, epoch or example', () => {
    const three = (...given: Parameters<typeof exampleRandom>): number[] => {
      const random = exampleRandom(...given);
      return [random.uniform(), random.uniform(), random.normal()];
    };
    expect(three(1, 2, 3)).toEqual(three(1, 2, 3));
    for (const other of [three(2, 2, 3), three(1, 3, 3), three(1, 2, 4), three(1, 2, '3')])
      expect(other).not.toEqual(three(1, 2, 3));
  });

  it('are uniform and independent from the first draw on', () => {
    for (const skipped of [0, 1]) {
      const values = draws(n, (random) => {
        for (let index = 0; index < skipped; index++) random.uniform();
        return random.uniform();
      });
      const { mean, variance } = moments(values);
      expect(Math.abs(mean - 1 / 2)).toBeLessThan(near(1 / 12));
      expect(Math.abs(variance - 1 / 12)).toBeLessThan(near(1 / 180));
      const products = values.slice(1).map((value, row) => (value - 1 / 2) * ((values[row] ?? 0) - 1 / 2));
      expect(Math.abs(moments(products).mean)).toBeLessThan(near(1 / 144));
    }
  });

  it('include both ends of a range of whole numbers, each as often as the others', () => {
    const counts = new Map<number, number>();
    for (const value of draws(n, (random) => random.integer(-1, 2)))
      counts.set(value, (counts.get(value) ?? 0) + 1);
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
    for (const count of counts.values()) expect(Math.abs(count / n - 1 / 4)).toBeLessThan(near(3 / 16));
  });

  it('are standard normal', () => {
    const { mean, variance } = moments(draws(n, (random) => random.normal()));
    expect(Math.abs(mean)).toBeLessThan(near(1));
    expect(Math.abs(variance - 1)).toBeLessThan(near(2));
  });
});

describe('a draw from Beta(α, α)', () => {
  it.each([0.05, 0.2, 0.4, 1, 2, 8])(
    'has the mean 1/2 and the variance 1 / (8 α + 4) for α = %d',
    (alpha) => {
      const { mean, variance } = moments(draws(n, (random) => betaDraw(random, alpha)));
      const expected = 1 / (8 * alpha + 4);
      expect(Math.abs(mean - 1 / 2)).toBeLessThan(near(expected));
      // The variance of the squared deviation is at most 1/4 of its mean.
      expect(Math.abs(variance - expected)).toBeLessThan(near(expected / 4));
    },
  );

  it('is a number in [0, 1] for any α', () => {
    for (const alpha of [1e-300, 1e-5, 1e5, 1e300]) {
      const values = draws(500, (random) => betaDraw(random, alpha));
      expect(values.filter((value) => !(value >= 0 && value <= 1))).toEqual([]);
      expect(Math.abs(moments(values).mean - 1 / 2)).toBeLessThan(0.1);
    }
  });
});
