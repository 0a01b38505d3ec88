import type { HeldOut } from './held-out.js';
import type { Fit, Stop } from './simplex.js';

/**
 * Finds the weights of the arithmetic mixture `Σ_k w_k p_k` that minimise `-Σ_i s_i log Σ_k w_k p_k(y_i)`, by
 * EM: `w_k <- Σ_i s_i w_k p_k(y_i) / Σ_j w_j p_j(y_i)`, with the shares s_i of the examples, 1/n without
 * sample weights.
 *
 * The quotient `Σ_i s_i p_k(y_i) / Σ_j w_j p_j(y_i)` is minus the gradient. If it exceeds one for no k, the
 * weights are optimal. The largest quotient minus one bounds the remaining gap.
 */
export function fitArithmetic(heldOut: HeldOut, start: readonly number[], stop: Stop): Fit {
  const relative = relativeProbabilities(heldOut);
  let weights = start;
  let { value, factors } = expectation(relative, weights);
  let gap = Math.max(...factors) - 1;
  for (let iteration = 0; gap > stop.gap && iteration < stop.iterations; iteration++) {
    weights = weights.map((weight, k) => weight * (factors[k] as number));
    ({ value, factors } = expectation(relative, weights));
    gap = Math.max(...factors) - 1;
  }
  return { weights, value, gap: Math.max(gap, 0) };
}

/**
 * Probabilities of the right classes, divided for each example by the largest of any member, which does not
 * change the weights.
 */
interface Relative {
  readonly members: readonly Float64Array[];
  readonly logLargest: Float64Array;
  readonly shares: readonly number[];
}

function relativeProbabilities({ labels, shares, logProbabilities }: HeldOut): Relative {
  const logLargest = Float64Array.from(labels, (_, row) =>
    Math.max(...logProbabilities.map((values) => values[row] as number)),
  );
  const members = logProbabilities.map((values) =>
    values.map((value, row) => Math.exp(value - (logLargest[row] as number))),
  );
  return { members, logLargest, shares };
}

function expectation(
  { members, logLargest, shares }: Relative,
  weights: readonly number[],
): { value: number; factors: number[] } {
  const factors = weights.map(() => 0);
  let value = 0;
  for (const [row, share] of shares.entries()) {
    const mixed = weights.reduce((sum, weight, k) => sum + weight * (members[k]?.[row] as number), 0);
    value -= share * (Math.log(mixed) + (logLargest[row] as number));
    for (const [k, values] of members.entries())
      factors[k] = (factors[k] as number) + (share * (values[row] as number)) / mixed;
  }
  return { value, factors };
}
