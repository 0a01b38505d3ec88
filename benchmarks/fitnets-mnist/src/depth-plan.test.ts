import { useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { depthPlan } from './depth-plan.js';
import { net } from './models.js';
import { multiplicationsOf } from './multiplications.js';
import { middleOf } from './plans.js';

const depths = [3, 5, 7, 9, 11, 13];

describe('depthPlan', () => {
  beforeAll(() => useBackend('cpu'));

  it('gives nets of equal cost, as wide as the budget allows', () => {
    const budget = 1_000_000;
    for (const depth of depths) {
      const plan = depthPlan({ depth, budget });
      expect(plan).toHaveLength(depth);
      expect(multiplicationsOf(plan)).toBeLessThanOrEqual(budget);
      expect(multiplicationsOf(plan.map((layer) => ({ ...layer, units: layer.units + 1 })))).toBeGreaterThan(
        budget,
      );
    }
  });

  it('makes deeper nets thinner', () => {
    const widths = depths.map((depth) => depthPlan({ depth, budget: 3_000_000 })[0]?.units ?? 0);
    expect(widths).toEqual([25, 22, 16, 10, 9, 8]);
  });

  it('ends each stage in a pooling and the last in a map of 3x3', () => {
    const plan = depthPlan({ depth: 7, budget: 1_000_000 });
    expect(plan.map(({ pooling }) => pooling !== undefined)).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
      true,
    ]);
    const model = net(plan, { seed: 1 });
    expect(model.getLayer('pooling_7').outputShape.slice(1, 3)).toEqual([3, 3]);
    expect(model.getLayer('maxout_7').outputShape.slice(1, 3)).toEqual([6, 6]);
  });

  it('learns the hint at the end of its second stage, with a map at least as large as that of the teacher', () => {
    for (const depth of depths) {
      const plan = depthPlan({ depth, budget: 2_000_000 });
      const layer = net(plan, { seed: 1 }).getLayer(middleOf(plan));
      expect(layer.outputShape.slice(1)).toEqual([6, 6, plan[0]?.units]);
    }
    expect(middleOf(depthPlan({ depth: 13, budget: 2_000_000 }))).toBe('pooling_6');
  });

  it('uses a budget to the last multiplication', () => {
    const exact = multiplicationsOf(depthPlan({ depth: 5, budget: 1_000_000 }));
    const units = (budget: number): number | undefined => depthPlan({ depth: 5, budget })[0]?.units;
    expect(units(exact)).toBe(units(1_000_000));
    expect(units(exact - 1)).toBe((units(exact) ?? 0) - 1);
  });
});
