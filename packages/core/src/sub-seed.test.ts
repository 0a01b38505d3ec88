import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subSeed } from './sub-seed.js';

const part = fc.oneof(fc.string(), fc.nat());
/** Share of the 31 bits in which two seeds differ. */
const distance = (a: number, b: number): number =>
  ((a ^ b) >>> 0).toString(2).replaceAll('0', '').length / 31;
const mean = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

describe('subSeed', () => {
  it('keeps its values: a change would change every run', () => {
    expect([subSeed(0), subSeed(1, 'shuffle', 0), subSeed(1, 'dropout', 7, 'ü')]).toMatchInlineSnapshot(`
      [
        1896170017,
        645628177,
        1590325555,
      ]
    `);
  });

  it('is a function of its arguments, a whole number of 31 bits', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(part), (seed, parts) => {
        const value = subSeed(seed, ...parts);
        expect(value).toBe(subSeed(seed, ...parts));
        expect(Number.isInteger(value) && value >= 0 && value < 2 ** 31).toBe(true);
      }),
    );
  });

  it('changes with the seed, the parts, their order and the boundaries between them', () => {
    const base = subSeed(1, 'a', 2);
    for (const other of [
      subSeed(2, 'a', 2),
      subSeed(1, 'b', 2),
      subSeed(1, 'a', 3),
      subSeed(1, 2, 'a'),
      subSeed(1, 'a', '2'),
      subSeed(1, 'a'),
      subSeed(1, 'a2'),
      subSeed(1),
    ]) {
      expect(other).not.toBe(base);
    }
    expect(subSeed(1, 'ab', 'c')).not.toBe(subSeed(1, 'a', 'bc'));
  });

  it('rarely repeats among 20,000 seeds of one run', () => {
    const seeds = Array.from({ length: 20_000 }, (_, step) => subSeed(1, 'dropout', step));
    // 0.09 pairs are to be expected of random numbers of 31 bits.
    expect(new Set(seeds).size).toBeGreaterThanOrEqual(seeds.length - 2);
  });

  it.each<[string, (step: number) => number]>([
    ['steps', (step) => subSeed(1, 'dropout', step)],
    ['runs', (step) => subSeed(step, 'dropout', 1)],
  ])('flips half of the bits, each of them half of the time, between neighbouring %s', (_, seedOf) => {
    const seeds = Array.from({ length: 2001 }, (_, step) => seedOf(step));
    const pairs = seeds.slice(1).map((seed, index) => [seed, seeds[index] ?? 0] as const);
    // 62,000 bits: four standard deviations are 0.008.
    expect(Math.abs(mean(pairs.map(([a, b]) => distance(a, b))) - 0.5)).toBeLessThan(0.008);
    for (let bit = 0; bit < 31; bit++) {
      // 2,000 draws each: four and a half standard deviations are 0.05.
      const flips = mean(pairs.map(([a, b]) => ((a ^ b) >>> bit) & 1));
      expect(Math.abs(flips - 0.5), `bit ${String(bit)}`).toBeLessThan(0.05);
    }
  });
});
