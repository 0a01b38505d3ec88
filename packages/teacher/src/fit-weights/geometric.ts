import type { HeldOut } from './held-out.js';
import { minimiseOnSimplex } from './simplex.js';
import type { Fit, Stop } from './simplex.js';

/**
 * Finds the weights of the geometric mixture `softmax(Σ_k w_k log p_k)` that minimise the mean of `-log` of
 * the right class, which is convex in w.
 */
export function fitGeometric(heldOut: HeldOut, start: readonly number[], stop: Stop): Fit {
  return minimiseOnSimplex((weights) => objective(heldOut, weights), start, stop);
}

/**
 * `-Σ_i s_i [Σ_k w_k l_k(y_i) - log Σ_c exp Σ_k w_k l_k(c)]`; its slope is the mixture's mean of l_k minus
 * l_k of the right class.
 */
function objective(
  { labels, classes, shares, logProbabilities }: HeldOut,
  weights: readonly number[],
): { value: number; gradient: number[] } {
  const gradient = weights.map(() => 0);
  const mixed = new Float64Array(classes);
  let value = 0;
  for (const [row, label] of labels.entries()) {
    const [start, share] = [row * classes, shares[row] as number];
    for (let c = 0; c < classes; c++) {
      mixed[c] = weights.reduce(
        (sum, weight, k) => sum + weight * (logProbabilities[k]?.[start + c] as number),
        0,
      );
    }
    const largest = mixed.reduce((most, each) => Math.max(most, each));
    const total = mixed.reduce((sum, each) => sum + Math.exp(each - largest), 0);
    const logTotal = largest + Math.log(total);
    value -= share * ((mixed[label] as number) - logTotal);
    for (const [k, values] of logProbabilities.entries()) {
      let mean = 0;
      for (let c = 0; c < classes; c++)
        mean += Math.exp((mixed[c] as number) - logTotal) * (values[start + c] as number);
      gradient[k] = (gradient[k] as number) + share * (mean - (values[start + label] as number));
    }
  }
  return { value, gradient };
}
