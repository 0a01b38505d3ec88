import { checkFeaturePair, nonNegative, offTape, optionsOf, rowsOfFeatures } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import {
  abs,
  add,
  div,
  expandDims,
  eye,
  matMul,
  max,
  maximum,
  mean,
  minimum,
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

const where = 'relationalLoss';

/** Options of `relationalLoss`. */
export interface RelationalLossOptions {
  /** Weight of the distances, >= 0; default 25. */
  readonly distance?: number;
  /** Weight of the angles, >= 0; default 50. */
  readonly angle?: number;
}

export const lossOptions: Options<
  RelationalLossOptions,
  FieldsOf<RelationalLossOptions, 'distance' | 'angle'>
> = optionsOf<RelationalLossOptions>()({ distance: nonNegative.default(25), angle: nonNegative.default(50) });

/**
 * How differently student and teacher arrange the examples of a batch:
 * `w_d mean h(ψ_s - ψ_t) + w_a mean h(φ_s - φ_t)`.
 *
 * `ψ_ij = ||x_i - x_j|| / μ` are the distances of all pairs over their mean, `φ_ijk` the cosine of the angle
 * at x_i between x_j and x_k, and h is Huber's loss with δ = 1. The means are over all B² pairs and B³
 * triplets, those of equal indices included, as in RepDistiller. No gradient flows to the teacher (Park
 * et al. 2019, eq. 5 to 9).
 *
 * @param teacherFeatures float32 `[B, ...]`, rank 2 or more, any finite values
 * @param studentFeatures float32 `[B, ...]`, rank 2 or more; only B must agree
 * @param options weights of distances and angles
 * @returns a float32 scalar >= 0 for the whole batch; 0 for one example, which has no relations
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { relationalLoss } from '@kd/relational';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * // A right angle for the teacher, a line for the student.
 * const [teacher, student] = [tensor2d([0, 0, 1, 0, 0, 1], [3, 2]), tensor2d([0, 1, 2], [3, 1])];
 * console.log((await relationalLoss(teacher, student).data())[0]?.toFixed(4));
 * // 8.2740
 * ```
 */
export function relationalLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: RelationalLossOptions = {},
): Scalar {
  return lossOf(teacherFeatures, studentFeatures, lossOptions.read(where, options));
}

/** `relationalLoss` with checked options. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  { distance, angle }: Settings<typeof lossOptions.fields>,
): Scalar {
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  const difference = (relation: (x: Tensor) => Tensor): Tensor =>
    huber(
      sub(
        relation(studentFeatures),
        offTape(() => relation(teacherFeatures)),
      ),
    );
  return tidy(() => {
    const ofDistances = distance === 0 ? 0 : mul(mean(difference(distances)), distance);
    const ofAngles = angle === 0 ? 0 : mul(mean(difference(angles)), angle);
    return add<Scalar>(ofDistances, ofAngles);
  });
}

// Below this, features count as zero; no relation is left between them.
const smallest = 1e-30;
// Squared distances of examples count as this at least, because the root has no derivative at zero.
const equal = 1e-12;

/** `x_j - x_i` of all pairs, `[B, B, D]`, over the largest feature, on which no relation depends. */
function differences(features: Tensor): Tensor {
  const rows = reshape(features, [features.shape[0], -1]);
  const scaled = div(
    rows,
    offTape(() => maximum(max(abs(rows)), smallest)),
  );
  return sub(expandDims(scaled, 0), expandDims(scaled, 1));
}

function lengths(vectors: Tensor): Tensor {
  return sqrt(maximum(sum(square(vectors), -1, true), equal));
}

/** ψ, `[B, B]`, zero on the diagonal. */
function distances(features: Tensor): Tensor {
  const [batch = 0] = features.shape;
  const between = mul(reshape(lengths(differences(features)), [batch, batch]), sub(1, eye(batch)));
  return div(between, div(maximum(sum(between), equal), Math.max(1, batch * (batch - 1))));
}

/** φ, `[B, B, B]`, at the first example between the two others. */
function angles(features: Tensor): Tensor {
  const between = differences(features);
  const unit = div(between, lengths(between));
  return matMul(unit, transpose(unit, [0, 2, 1]));
}

function huber(x: Tensor): Tensor {
  const size = abs(x);
  const near = minimum(size, 1);
  return mul(near, sub(size, mul(near, 0.5)));
}
