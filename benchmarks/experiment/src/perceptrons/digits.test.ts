import { describe, expect, it } from 'vitest';
import { asData } from '@kd-datasets/mnist';
import { digitsOf, learningSize } from './digits.js';

const textsOf = (images: Float32Array, size: number): Set<string> =>
  new Set(Array.from({ length: size }, (_, row) => images.slice(784 * row, 784 * (row + 1)).join()));

describe('digitsOf', () => {
  it('gives sets that start with the same digits and contain no validation digit', async () => {
    const [small, large] = [await digitsOf({ count: 50 }), await digitsOf({ count: 300 })];
    expect([small.learning.size, large.learning.size, small.validation.size, small.test.size]).toEqual([
      50, 300, 5000, 10_000,
    ]);
    expect(large.learning.images.slice(0, 50 * 784)).toEqual(small.learning.images);
    const seen = textsOf(large.learning.images, 300);
    const heldOut = textsOf(large.validation.images, 5000);
    expect([...seen].filter((text) => heldOut.has(text))).toEqual([]);
    expect([heldOut.size, seen.size]).toEqual([5000, 300]);
  });

  it('gives each digit a unique id across all sets', async () => {
    const { learning, validation, test } = await digitsOf({ count: 300 });
    const { learning: later } = await digitsOf({ from: 100, count: 200 });
    const all = [learning, validation, test].flatMap(({ ids }) => ids);
    expect([all.length, new Set(all).size]).toEqual([15_300, 15_300]);
    expect(later.ids).toEqual(learning.ids.slice(100));
    expect(asData(learning).ids).toEqual(learning.ids);
  });

  it('omits classes and starts at the requested digit', async () => {
    const { learning } = await digitsOf({ count: 300 });
    const { learning: some } = await digitsOf({ count: 300, without: [0, 1, 2, 3, 4, 5, 6, 9] });
    expect(Array.from(some.labels)).toEqual(
      Array.from(learning.labels).filter((label) => label === 7 || label === 8),
    );
    const { learning: later } = await digitsOf({ from: 100, count: 200 });
    expect(later.labels).toEqual(learning.labels.slice(100));
    expect(later.images).toEqual(learning.images.slice(100 * 784));
  });

  it('has 55,000 digits to learn from', async () => {
    const { learning } = await digitsOf({ from: learningSize - 10, count: 100 });
    expect([learningSize, learning.size]).toEqual([55_000, 10]);
  });
});
