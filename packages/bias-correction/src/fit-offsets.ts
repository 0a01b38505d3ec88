import { crossEntropyOf, momentsOf } from './moments.js';
import type { Moments } from './moments.js';
import type { Problem } from './problem.js';
import { solve } from './solve.js';

/** The offsets of the free classes that minimise the cross-entropy. The problem must have a minimum. */
export function fitOffsets(problem: Problem): number[] {
  return polish(problem, descend(problem));
}

/** Offsets from which no step to a lower cross-entropy is found. */
function descend(problem: Problem): number[] {
  let offsets = problem.free.map(() => 0);
  for (;;) {
    const moments = momentsOf(problem, offsets);
    const next = [newton(moments), matching(problem, moments)]
      .map((direction) => direction && lowest(problem, offsets, moments.crossEntropy, direction))
      .find((found) => found !== undefined);
    if (next === undefined) return offsets;
    offsets = next;
  }
}

/**
 * Newton's steps while the gradient gets smaller. At a minimum the cross-entropy is flat: to a float64 it
 * looks minimal while the slopes, which fall to zero, are still 1e-8.
 */
function polish(problem: Problem, start: number[]): number[] {
  let offsets = start;
  let moments = momentsOf(problem, offsets);
  for (;;) {
    const step = newton(moments);
    if (step === undefined) return offsets;
    const closer = along(offsets, step, 1);
    const there = momentsOf(problem, closer);
    if (!(steepest(there) < steepest(moments))) return offsets;
    [offsets, moments] = [closer, there];
  }
}

function steepest({ gradient }: Moments): number {
  return gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
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
  const at = (factor: number): number[] => along(offsets, direction, factor);
  const valueAt = (factor: number): number => crossEntropyOf(problem, at(factor));
  let [factor, value] = [1, valueAt(1)];
  while (!(value < before) && factor > 1e-9) [factor, value] = [factor / 2, valueAt(factor / 2)];
  if (!(value < before)) return undefined;
  for (let further = valueAt(2 * factor); further < value; further = valueAt(2 * factor)) {
    [factor, value] = [2 * factor, further];
  }
  return at(factor);
}

function along(offsets: readonly number[], direction: readonly number[], factor: number): number[] {
  return offsets.map((offset, c) => offset + factor * (direction[c] as number));
}
