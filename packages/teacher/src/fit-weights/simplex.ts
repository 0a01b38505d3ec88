/** A point of the simplex with its objective, and how far that is above the least at most. */
export interface Fit {
  readonly weights: readonly number[];
  readonly value: number;
  readonly gap: number;
}

/** A convex function on the simplex: its value and its gradient. */
export type Objective = (weights: readonly number[]) => { value: number; gradient: readonly number[] };

/** Where a fit ends: the objective is within `gap` of its least. */
export interface Stop {
  readonly gap: number;
  readonly iterations: number;
}

/**
 * The least of a convex function on the simplex, by exponentiated gradients with a step that adapts (Kivinen and Warmuth 1997).
 *
 * `Σ w g - min g` bounds from above how far the value is from the least, as the function lies above its tangent (Frank and Wolfe 1956).
 */
export function minimiseOnSimplex(objective: Objective, start: readonly number[], stop: Stop): Fit {
  let weights = start;
  let here = objective(weights);
  let gap = gapOf(weights, here.gradient);
  let rate = 1;
  for (let iteration = 0; gap > stop.gap && iteration < stop.iterations; iteration++) {
    const tried = stepped(weights, here.gradient, rate);
    const there = objective(tried);
    // Descent by at least a part of what the tangent promises, or a shorter step.
    const promised = here.gradient.reduce((sum, slope, k) => sum + slope * ((tried[k] as number) - (weights[k] as number)), 0); // prettier-ignore
    if (there.value <= here.value + 0.5 * promised) {
      [weights, here] = [tried, there];
      gap = gapOf(weights, here.gradient);
      rate *= 2;
    } else {
      rate /= 4;
      // The differences are below what float64 can tell.
      if (rate < 1e-12) break;
    }
  }
  return { weights, value: here.value, gap };
}

function gapOf(weights: readonly number[], gradient: readonly number[]): number {
  return (
    weights.reduce((sum, weight, k) => sum + weight * (gradient[k] as number), 0) - Math.min(...gradient)
  );
}

function stepped(weights: readonly number[], gradient: readonly number[], rate: number): number[] {
  const least = Math.min(...gradient);
  const scaled = weights.map((weight, k) => weight * Math.exp(-rate * ((gradient[k] as number) - least)));
  const total = scaled.reduce((sum, weight) => sum + weight);
  return scaled.map((weight) => weight / total);
}
