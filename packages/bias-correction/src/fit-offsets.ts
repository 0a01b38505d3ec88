import { crossEntropyOf, momentsOf } from './moments.js';
import type { Moments } from './moments.js';
import type { Problem } from './problem.js';
import { solve } from './solve.js';

/** The offsets of the free classes that minimise the cross-entropy. The problem must have a minimum. */
export function fitOffsets(problem: Problem): number[] {
  let offsets = problem.free.map(() => 0);
  for (;;) {
    const moments = momentsOf(problem, offsets);
    if (moments.gradient.every((slope) => Math.abs(slope) < 1e-12)) return offsets;
    const next = [newton(moments), matching(problem, moments)]
      .map((direction) => direction && lowest(problem, offsets, moments.crossEntropy, direction))
      .find((found) => found !== undefined);
    // Float64 cannot represent a lower value.
    if (next === undefined) return offsets;
    offsets = next;
  }
}

function newton({ hessian, gradient }: Moments): number[] | undefined {
  return solve(hessian, gradient)?.map((step) => -step);
}

// Multiplies the odds of each class against the others by the factor that they lack. This is Sinkhorn's step:
// it never raises the cross-entropy, and works for a class so unlikely that its curvature underflows.
function matching({ targets }: Problem, { logMeans }: Moments): number[] {
  const lacking = targets.map((target, column) => Math.log(target) - (logMeans[column] as number));
  return lacking.slice(0, -1).map((of) => of - (lacking.at(-1) as number));
}

/** The best offsets among steps of powers of two in a direction, if they are better than `before`. */
function lowest(
  problem: Problem,
  offsets: readonly number[],
  before: number,
  direction: readonly number[],
): number[] | undefined {
  const at = (factor: number): number[] =>
    offsets.map((offset, c) => offset + factor * (direction[c] as number));
  const valueAt = (factor: number): number => crossEntropyOf(problem, at(factor));
  let [factor, value] = [1, valueAt(1)];
  while (!(value < before) && factor > 1e-9) [factor, value] = [factor / 2, valueAt(factor / 2)];
  if (!(value < before)) return undefined;
  for (let further = valueAt(2 * factor); further < value; further = valueAt(2 * factor)) {
    [factor, value] = [2 * factor, further];
  }
  return at(factor);
}
