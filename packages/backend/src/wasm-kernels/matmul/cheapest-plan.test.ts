import { describe, expect, it } from 'vitest';
import { cheapestPlan } from './cheapest-plan.js';
import type { Plan } from './cheapest-plan.js';

const all: readonly Plan[] = ['stock', 'straight', 'mirrored'];
const plan = (m: number, k: number, n: number, flags: string, allowed = all): Plan =>
  cheapestPlan({ m, k, n, transposeA: flags.includes('a'), transposeB: flags.includes('b') }, allowed);

describe('cheapestPlan', () => {
  it('multiplies directly if nothing is transposed', () => {
    expect(plan(2, 2, 2, '')).toBe('straight');
    expect(plan(1, 800, 800, '')).toBe('straight');
  });

  it('transposes the inputs of a layer for the gradient of its weights', () => {
    expect(plan(800, 128, 800, 'a')).toBe('straight');
    expect(plan(784, 128, 10, 'a')).toBe('straight');
  });

  it('packs the batch rather than the weights for the gradient of the inputs', () => {
    expect(plan(128, 800, 800, 'b')).toBe('mirrored');
    expect(plan(1, 800, 800, 'b')).toBe('mirrored');
    expect(plan(512, 800, 16, 'b')).toBe('straight');
  });

  it('leaves small products, which cost less than a transpose, to the stock kernel', () => {
    for (const flags of ['a', 'b', 'ab']) expect(plan(8, 8, 8, flags)).toBe('stock');
    expect(plan(1, 800, 10, 'a')).toBe('stock');
  });

  it('uses only the allowed plans', () => {
    expect(plan(128, 800, 800, 'b', ['stock', 'straight'])).toBe('straight');
    expect(plan(1, 800, 800, 'b', ['stock', 'straight'])).toBe('stock');
  });
});
