import { dispose, scalar } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { backends, expectClose, expectNoLeak, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { subSeed } from '../sub-seed.js';
import { seededNormal } from './seeded-normal.js';
import { seededUniform } from './seeded-uniform.js';

const values = (tensor: Tensor): number[] => Array.from(tensor.dataSync());
const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const covariance = (a: readonly number[], b: readonly number[]): number =>
  mean(a.map((value, index) => value * (b[index] ?? NaN))) - mean(a) * mean(b);
const correlation = (a: readonly number[], b: readonly number[]): number =>
  covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));

describe.each(backends)('draws on %s', (backend) => {
  let seed: Scalar;
  let next: Scalar;
  beforeAll(async () => {
    await useBackend(backend);
    [seed, next] = [scalar(1, 'int32'), scalar(2, 'int32')];
  });
  const uniform = (size: number, place = 0, of = seed): number[] => values(seededUniform([size], of, place));

  it.skipIf(backend === 'tensorflow')('are hashes of their indices', () => {
    // The same in whole numbers of any size, which wrap nowhere by themselves.
    const wrap = (x: bigint): bigint => BigInt.asUintN(32, x);
    const hash = (index: number, first: number, second: number): number => {
      let h = wrap(BigInt(index) + BigInt(first));
      h = wrap((h ^ (h >> 17n)) * 0xed5ad4bbn);
      h = wrap(((h ^ (h >> 11n)) + BigInt(second)) * 0xac4c1b51n);
      h = wrap((h ^ (h >> 15n)) * 0x31848babn);
      return Number((h ^ (h >> 14n)) >> 8n) / 2 ** 24;
    };
    for (const [number, place] of [[0, 0], [1, 2], [2 ** 31 - 1, 2 ** 31 - 1]] as const) {
      const keys = [subSeed(number, 'index', place), subSeed(number, 'round', place)] as const;
      const expected = Array.from({ length: 200 }, (_, index) => hash(index, ...keys));
      expect(uniform(200, place, scalar(number, 'int32'))).toEqual(expected);
    }
  }); // prettier-ignore

  it('have the shape, and do not depend on it', () => {
    const drawn = seededUniform([2, 1, 3], seed, 5);
    expect([drawn.shape, drawn.dtype]).toEqual([[2, 1, 3], 'float32']);
    expect(values(drawn)).toEqual(uniform(6, 5));
    expect(uniform(4099, 5).slice(0, 6)).toEqual(values(drawn));
    expect(seededUniform([], seed, 5).shape).toEqual([]);
    expect(values(seededUniform([3, 0], seed, 5))).toEqual([]);
    expect(seededNormal([2, 1, 1, 1, 1, 3], seed, 5).shape).toEqual([2, 1, 1, 1, 1, 3]);
    expect(values(seededNormal([], seed, 5))).toHaveLength(1);
    expect(values(seededNormal([0, 2], seed, 5))).toEqual([]);
  });

  it('repeat for a seed and a place, and differ for others', () => {
    expect(uniform(8, 3)).toEqual(uniform(8, 3));
    expect(values(seededUniform([8], 1, 3))).toEqual(uniform(8, 3));
    const others = [uniform(8), uniform(8, 1), uniform(8, 2), uniform(8, 0, next), uniform(8, 1, next)];
    expect(new Set(others.flat()).size).toBe(40);
    expect(values(seededNormal([8], seed, 3))).toEqual(values(seededNormal([8], seed, 3)));
    expect(values(seededNormal([8], seed, 3))).not.toEqual(values(seededNormal([8], seed, 4)));
  });

  it('are distributed as they should be', () => {
    const size = 100_000;
    const drawn = uniform(size);
    expect(drawn.every((value) => value >= 0 && value < 1)).toBe(true);
    // Five standard deviations each: 1/sqrt(12 n), and sqrt(1/180n).
    expect(Math.abs(mean(drawn) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / size));
    expect(Math.abs(covariance(drawn, drawn) - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / size));
    const normal = values(seededNormal([size], seed, 0));
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(size));
    expect(Math.abs(covariance(normal, normal) - 1)).toBeLessThan(5 * Math.sqrt(2 / size));
    const within = mean(normal.map((value) => (Math.abs(value) < 1 ? 1 : 0)));
    expect(Math.abs(within - 0.682689)).toBeLessThan(5 * Math.sqrt(0.2166 / size));
  });

  it('are not correlated with their neighbours, in order, place or seed', () => {
    const size = 20_000;
    const drawn = uniform(size);
    const neighbours: Record<string, number[]> = {
      'next number': uniform(size + 1).slice(1),
      'next block': uniform(size + 4).slice(4),
      'next place': uniform(size, 1),
      'place of a sub-seed': uniform(size, subSeed(0, 0)),
      'next seed': uniform(size, 0, next),
      'seed and place exchanged': uniform(size, 1, scalar(0, 'int32')),
    };
    for (const [name, other] of Object.entries(neighbours))
      expect(Math.abs(correlation(drawn, other)), name).toBeLessThan(5 / Math.sqrt(size));
    // The first numbers of many steps at one place, and of many places in one step.
    const firsts = Array.from({ length: 2000 }, (_, step) => uniform(1, 7, scalar(step, 'int32'))[0] ?? NaN);
    const places = Array.from({ length: 2000 }, (_, place) => uniform(1, place)[0] ?? NaN);
    for (const series of [firsts, places]) {
      expect(Math.abs(mean(series) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / 2000));
      expect(Math.abs(correlation(series.slice(1), series.slice(0, -1)))).toBeLessThan(5 / Math.sqrt(2000));
    }
  });

  it('leave no tensor behind', async () => {
    await expectNoLeak(() => {
      for (const of of [seed, 1]) dispose([seededUniform([5, 3], of, 1), seededNormal([5, 3], of, 1)]);
    });
  });
});

describe('normal draws', () => {
  it('are Box and Muller’s of the uniform draws at their place', async () => {
    await useBackend('cpu');
    const seed = scalar(9, 'int32');
    const u = values(seededUniform([2, 50], seed, 4));
    const expected = u
      .slice(0, 50)
      .map((x, index) => Math.sqrt(-2 * Math.log(1 - x)) * Math.cos(2 * Math.PI * (u[50 + index] ?? NaN)));
    for (const backend of backends) {
      await useBackend(backend);
      const normal = seededNormal([50], scalar(9, 'int32'), 4);
      expectClose(values(normal), expected, { relative: 1e-4, absolute: 1e-5 });
    }
  });
});
