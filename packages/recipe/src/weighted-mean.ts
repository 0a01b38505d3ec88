import { selected } from '@kd/core';
import { div, greater, mean, mul, onesLike, sum, where as select } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A mean, and its denominator. */
export interface WeightedMean {
  readonly mean: Tensor;
  /** `sum w`; undefined without weights, where every value counts once. */
  readonly normalizer: Tensor | undefined;
}

/** `sum w l / sum w`: the plain mean without weights, and 0 if no example has any weight. */
export function weightedMean(values: Tensor, weights: readonly (Tensor | undefined)[]): WeightedMean {
  const given = weights.filter((weight) => weight !== undefined);
  const [first, ...others] = given;
  if (first === undefined) return { mean: mean(values), normalizer: undefined };
  const weight = others.reduce((product: Tensor, each) => mul(product, each), first);
  const normalizer = sum(weight);
  // The divisor is never zero. Not `divNoNan`, which tfjs cannot differentiate: the comparison inside has no
  // gradient.
  const divisor = select(greater(normalizer, 0), normalizer, onesLike(normalizer));
  return { mean: div(sum(mul(selected(values, weight), weight)), divisor), normalizer };
}
