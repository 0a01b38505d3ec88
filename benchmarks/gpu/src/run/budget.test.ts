import { expect, it } from 'vitest';
import { budgetOf } from './budget.js';

it('grants what a part may take, less near the end, and then nothing', () => {
  let now = 1000;
  const { grant, spent } = budgetOf(2, () => now);
  expect(grant(60)).toBe(60);
  now += 80_000;
  expect(spent()).toBe(80);
  expect(grant(60)).toBe(35);
  expect(grant(60, 40)).toBeUndefined();
  now += 30_000;
  expect(grant(60)).toBeUndefined();
  expect(grant(2)).toBe(2);
});
