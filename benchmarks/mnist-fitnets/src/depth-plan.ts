import { KdError } from '@kd/core';
import { net } from './models.js';
import { multiplicationsOf } from './multiplications.js';
import type { LayerPlan, Plan } from './plan.js';
import { poolings } from './plans.js';

/** A net of the depth study. */
export interface DepthOptions {
  /** Convolutional layers, at least 3. */
  readonly depth: number;
  /** Multiplications for one image that the net may cost. */
  readonly budget: number;
  /** Default `maxout`. */
  readonly activation?: LayerPlan['activation'];
}

/**
 * A net of any depth at the cost of all others: 3x3 kernels, and as many units in each layer as the budget
 * allows (figure 2 of the paper). The layers stand in three stages, each of which ends in a pooling; a deeper
 * net is deeper in all three.
 *
 * @throws `KD_OPTION_RANGE` if the depth is below 3, or the budget too small for one unit in each layer
 */
export function depthPlan({ depth, budget, activation = 'maxout' }: DepthOptions): Plan {
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
  const [one, two] = [1, 2].map((units) => costOf(planOf(depth, units, activation))) as [number, number];
  // From layer to layer the cost grows with the square of the units, at both ends with the units.
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
  return planOf(depth, units, activation);
}

/** The layer of such a net that learns the hint: the end of its second stage, which is its middle. */
export function guidedLayerOf(plan: Plan): string {
  const poolingLayers = plan.flatMap(({ pooling }, index) => (pooling === undefined ? [] : [index + 1]));
  return `pooling_${String(poolingLayers[1])}`;
}

function planOf(depth: number, units: number, activation: LayerPlan['activation']): Plan {
  // Half of the layers are in the first two stages, so that the hint is learnt in the middle, as the paper
  // advises.
  const half = Math.max(2, Math.floor(depth / 2));
  const stages = [Math.floor(half / 2), Math.ceil(half / 2), depth - half];
  return poolings.flatMap((pooling, stage) => {
    const layers = stages[stage] ?? 0;
    return Array.from({ length: layers }, (_, index): LayerPlan => {
      const last = index === layers - 1 ? { pooling } : {};
      return { units, kernel: 3, padding: 'same', activation, ...last };
    });
  });
}

function costOf(plan: Plan): number {
  const model = net(plan, { seed: 0 });
  const cost = multiplicationsOf(model);
  model.dispose();
  return cost;
}
