import { checkFeaturePair, offTape, oneOf, optionsOf, rowsOfFeatures } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import {
  abs,
  add,
  cast,
  div,
  eye,
  greater,
  log,
  matMul,
  max,
  maximum,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

const where = 'probabilisticLoss';

/** Options of `probabilisticLoss`. */
export interface ProbabilisticLossOptions {
  /** Whether an example counts among its own neighbours: in `'all'` pairs, the default, it does. */
  readonly pairs?: 'all' | 'different';
}

export const lossOptions: Options<
  ProbabilisticLossOptions,
  FieldsOf<ProbabilisticLossOptions, 'pairs'>
> = optionsOf<ProbabilisticLossOptions>()({ pairs: oneOf('all', 'different').default('all') });

/**
 * How differently student and teacher judge which examples of a batch are neighbours:
 * `1/B² Σ_ij p_ij log(p_ij / q_ij)`.
 *
 * `p_ij = s_ij / Σ_k s_ik` of the teacher, and q of the student, is the probability that example i picks j,
 * by the similarities `s_ij = (1 + cos(x_i, x_j)) / 2`. 1e-7 is added to both within the logarithm. An
 * example whose features are all below 1e-12 has cosine 0 with each, itself included, and no gradient. No
 * gradient flows to the teacher (Passalis and Tefas 2018; the mean over all pairs is that of their code).
 *
 * @param teacherFeatures float32 `[B, ...]`, rank 2 or more, any finite values
 * @param studentFeatures float32 `[B, ...]`, rank 2 or more; only B must agree
 * @param options `pairs: 'different'` leaves out i = j, also in the sum over k
 * @returns a float32 scalar >= 0, up to rounding, for the whole batch; 0 for one example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { probabilisticLoss } from '@kd/probabilistic';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * // For the teacher the second example is near the first, for the student it is near the third.
 * const teacher = tensor2d([1, 0, 1, 0.2, 0, 1], [3, 2]);
 * const student = tensor2d([1, 0, 0.2, 1, 0, 1], [3, 2]);
 * console.log((await probabilisticLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.0148
 * ```
 */
export function probabilisticLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: ProbabilisticLossOptions = {},
): Scalar {
  return lossOf(teacherFeatures, studentFeatures, lossOptions.read(where, options));
}

/** `probabilisticLoss` with checked options. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  { pairs }: Settings<typeof lossOptions.fields>,
): Scalar {
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  return tidy(() => {
    const p = offTape(() => probabilities(teacherFeatures, pairs));
    const q = probabilities(studentFeatures, pairs);
    return mean<Scalar>(mul(p, log(div(add(p, least), add(q, least)))));
  });
}

// Added to probabilities, as in the references: that of opposite examples is 0.
const least = 1e-7;
// An example counts as zero if all its features are below this.
const smallest = 1e-12;

/** p, `[B, B]`: in row i the probabilities that i picks each example. */
function probabilities(features: Tensor, pairs: 'all' | 'different'): Tensor {
  const [batch = 0] = features.shape;
  const unit = unitRows(reshape(features, [batch, -1]));
  // Rounding may leave the cosine of opposite examples below -1.
  const similar = maximum(div(add(matMul(unit, transpose(unit)), 1), 2), 0);
  const counting = pairs === 'all' ? similar : mul(similar, sub(1, eye(batch)));
  // Without i itself, all others may be opposite, or there may be none.
  return div(counting, maximum(sum(counting, 1, true), least));
}

/** Rows of length 1. A zero row stays zero and gets no gradient, as its length has no derivative. */
function unitRows(rows: Tensor): Tensor {
  const largest = offTape(() => max(abs(rows), 1, true));
  const counts = cast(greater(largest, smallest), 'float32');
  // Scaled to size 1, so that squares neither overflow nor vanish.
  const scaled = mul(div(rows, maximum(largest, smallest)), counts);
  // Scaled rows have at least length 1, or are zero. One half leaves room for rounding.
  return div(scaled, sqrt(maximum(sum(square(scaled), 1, true), 0.5)));
}
