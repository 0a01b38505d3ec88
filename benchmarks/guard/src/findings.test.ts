import { expect, it } from 'vitest';
import { compareTimes } from './compare-times.js';
import { compareWeights } from './compare-weights.js';
import { faultsOf } from './faults.js';
import type { Finding } from './measure.js';
import { drawTable } from './table.js';

// Two kinds of steps, of 1 and 10 ms; something else has delayed one step of the third round.
const times = compareTimes([
  { there: [1, 10, 1, 10], here: [1.1, 11, 1.1, 11] },
  { there: [1, 10, 1, 10], here: [1.2, 12, 1.2, 12] },
  { there: [1, 10, 1, 10], here: [1.05, 10.5, 99, 10.5] },
]);
const weights = [{ name: 'logits/bias', shape: [2] }];
const sideOf = (...values: number[]) => ({ weights, values: Float32Array.from(values) });
const moved = compareWeights(sideOf(1, 2), sideOf(1, 2.5));
const finding = (more: object): Finding => ({
  recipe: 'dense',
  backend: 'wasm',
  type: 'compared',
  weights: { type: 'equal' },
  unrepeatable: [],
  wall: times,
  processor: times,
  ...more,
});

it('takes the median over pairs of the same step as the ratio of a round', () => {
  expect(times.ratio.median).toBeCloseTo(1.1, 12);
  expect(times.ratio.range).toEqual([expect.closeTo(1.05, 12), expect.closeTo(1.2, 12)]);
  expect(times.there).toBe(5.5);
});

it('draws a table of what is equal, different and slower', () => {
  const table = drawTable(
    [
      finding({}),
      finding({ weights: moved, unrepeatable: ['here'] }),
      finding({ type: 'failure', side: 'there', message: 'no such function' }),
    ],
    1.03,
  );
  expect(table).toMatch(/dense +│ wasm +│ equal +│ 5.50 +│ 1[01]\.\d\d +│ 1\.100 SLOWER \(1\.05-1\.20\)/);
  expect(table).toContain('1 of 2 differ');
  expect(table).toContain('by 5.0e-1 in logits/bias[1]');
  expect(table).toContain('relatively 2.0e-1 in logits/bias[1]');
  expect(table).toContain('not repeatable here');
  expect(table).toContain('fails there: no such function');
  expect(drawTable([finding({})], 1.11)).not.toContain('SLOWER');
});

it('reports different weights as a fault, and a ratio only above a limit', () => {
  expect(faultsOf([finding({}), finding({ type: 'unknown' })])).toEqual([]);
  expect(faultsOf([finding({})], 1.11)).toEqual([]);
  expect(faultsOf([finding({})], 1.09)).toEqual([
    'dense on wasm: a step takes 1.100 times as long, above 1.09',
  ]);
  expect(faultsOf([finding({ weights: moved })])).toEqual([
    'dense on wasm: the first weight that differs is logits/bias[1], 2 there and 2.5 here',
  ]);
  expect(faultsOf([finding({ unrepeatable: ['here'] })])).toHaveLength(1);
  expect(faultsOf([finding({ type: 'failure', side: 'there', message: 'no such function' })])).toHaveLength(
    1,
  );
  expect(faultsOf([finding({ weights: { type: 'other shapes', there: '[2]', here: '[3]' } })])).toHaveLength(
    1,
  );
});
