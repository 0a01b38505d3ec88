import { subSeed } from '@kd/core';
import { expectKdError } from '@kd/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shuffledOrder } from './shuffled-order.js';

describe('shuffledOrder', () => {
  it('contains every number once, and depends only on n and the seed', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(2 ** 31 - 1), (n, seed) => {
        const order = shuffledOrder(n, seed);
        expect([...order].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
        expect(shuffledOrder(n, seed)).toEqual(order);
      }),
    );
  });

  it('produces every order equally often', () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 12_000; epoch++) {
      const order = shuffledOrder(4, subSeed(1, 'shuffle', epoch)).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // 24 orders, 500 each: chi-squared with 23 degrees of freedom is below 50 but once in a thousand.
    const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
    expect(counts.size).toBe(24);
    expect(chiSquared).toBeLessThan(50);
  });

  it('differs between seeds in all positions', () => {
    const [a, b] = [shuffledOrder(1000, 1), shuffledOrder(1000, 2)];
    expect(a.filter((value, place) => value === b[place]).length).toBeLessThan(10);
    expect(a.filter((value, place) => value === place).length).toBeLessThan(10);
  });

  it.each<[unknown, unknown, string, ...string[]]>([
    [-1, 0, 'KD_OPTION_RANGE', 'shuffledOrder', 'n', '-1'],
    [2.5, 0, 'KD_OPTION_RANGE', 'n', '2.5'],
    ['3', 0, 'KD_OPTION_TYPE', 'n', '"3"'],
    [3, -1, 'KD_OPTION_RANGE', 'seed', '-1'],
    [3, undefined, 'KD_OPTION_TYPE', 'seed', 'undefined'],
  ])('refuses n = %s with the seed %s', async (n, seed, code, ...facts) => {
    await expectKdError(() => shuffledOrder(n as number, seed as number), code, ...facts);
  });
});
