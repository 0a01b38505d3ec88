/** A point of the simplex, its objective, and a bound for how far that is above the minimum. */
export interface Fit {
  readonly weights: readonly number[];
  readonly value: number;
  readonly gap: number;
}

/** A convex function on the simplex: value and gradient. */
export type Objective = (weights: readonly number[]) => { value: number; gradient: readonly number[] };

/** When to stop: the objective is within `gap` of its minimum, or the iterations run out. */
export interface Stop {
  readonly gap: number;
  readonly iterations: number;
}

/**
 * Minimises a convex function on the simplex by exponentiated gradients with an adaptive step (Kivinen and
 * Warmuth 1997).
 *
 * `Σ w g - min g` is an upper bound for the distance to the minimum, because the function lies above its
 * tangent (Frank and Wolfe 1956).
 */
export function minimiseOnSimplex(objective: Objective, start: readonly number[], stop: Stop): Fit {
  let weights = start;
  let here = objective(weights);
  let gap = gapOf(weights, here.gradient);
  let rate = 1;
  for (let iteration = 0; gap > stop.gap && iteration < stop.iterations; iteration++) {
    const tried = stepped(weights, here.gradient, rate);
    const there = objective(tried);
    // Requires descent by at least a fraction of what the tangent promises; otherwise the step shrinks.
    const promised = here.gradient.reduce((sum, slope, k) => sum + slope * ((tried[k] as number) - (weights[k] as number)), 0); // prettier-ignore
    if (there.value <= here.value + 0.5 * promised) {
      [weights, here] = [tried, there];
      gap = gapOf(weights, here.gradient);
      rate *= 2;
    } else {
      rate /= 4;
      // The differences are below the precision of float64.
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
