import { KdError } from '@kd/core';
import { net } from './models.js';
import { multiplicationsOf } from './multiplications.js';
import type { LayerPlan, Plan } from './plan.js';
import { poolings } from './plans.js';

/** A net of the depth study. */
export interface DepthOptions {
  /** Convolutional layers, at least 3. */
  readonly depth: number;
  /** Limit of multiplications per image. */
  readonly budget: number;
}

/**
 * A net of any depth whose cost is within the budget: 3x3 kernels, and as many units per layer as the budget
 * allows (figure 2 of the paper). The layers form three stages, each ending in a pooling; a deeper net is
 * deeper in all three.
 *
 * @throws `KD_OPTION_RANGE` if the depth is below 3, or the budget is too small for one unit in each layer
 */
export function depthPlan({ depth, budget }: DepthOptions): Plan {
  const range = (argument: string, expected: string, received: number): KdError =>
    new KdError({
      code: 'KD_OPTION_RANGE',
      where: 'depthPlan',
      argument: `options.${argument}`,
      expected,
      received: String(received),
      remedy: 'Choose a larger number.',
    });
  if (!Number.isInteger(depth) || depth < poolings.length) {
    throw range('depth', `a whole number >= ${String(poolings.length)}`, depth);
  }
  const [one, two] = [1, 2].map((units) => costOf(planOf(depth, units))) as [number, number];
  // Between hidden layers the cost grows with the square of the units; in the first and the last layer
  // linearly.
  const square = (two - 2 * one) / 2;
  const cost = (units: number): number => square * units ** 2 + (one - square) * units;
  if (!(budget >= one)) {
    throw range(
      'budget',
      `at least ${String(one)}, the cost of one unit in each of ${String(depth)} layers`,
      budget,
    );
  }
  let units = 1;
  while (cost(units + 1) <= budget) units++;
  return planOf(depth, units);
}

function planOf(depth: number, units: number): Plan {
  // Half of the layers are in the first two stages, so that the hint is learnt in the middle, as the paper
  // advises.
  const half = Math.max(2, Math.floor(depth / 2));
  const stages = [Math.floor(half / 2), Math.ceil(half / 2), depth - half];
  return poolings.flatMap((pooling, stage) => {
    const layers = stages[stage] ?? 0;
    return Array.from({ length: layers }, (_, index): LayerPlan => {
      const last = index === layers - 1 ? { pooling } : {};
      return { units, kernel: 3, padding: 'same', ...last };
    });
  });
}

function costOf(plan: Plan): number {
  const model = net(plan, { seed: 0 });
  const cost = multiplicationsOf(model);
  model.dispose();
  return cost;
}
