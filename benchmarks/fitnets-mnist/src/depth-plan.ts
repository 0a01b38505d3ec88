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
 */
export function depthPlan({ depth, budget }: DepthOptions): Plan {
  let units = 1;
  while (multiplicationsOf(planOf(depth, units + 1)) <= budget) units++;
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
