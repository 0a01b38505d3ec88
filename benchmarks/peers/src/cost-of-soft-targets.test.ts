import { expect, it } from 'vitest';
import { comparePairs } from './cost-of-soft-targets.js';
import { verdictOnInterval } from './report.js';

it('compares each pair', () => {
  const { ratio, difference } = comparePairs({ plain: [1, 2, 4], taught: [1, 3, 5] });
  expect(ratio).toEqual({ median: 1.25, interval: [1, 1.5] });
  expect(difference.median).toBe(1);
});

it('judges by the whole interval', () => {
  expect(verdictOnInterval([0.99, 1.03])).toBe('met');
  expect(verdictOnInterval([1.02, 1.04])).toBe('open');
  expect(verdictOnInterval([1.031, 1.2])).toBe('**missed**');
});
