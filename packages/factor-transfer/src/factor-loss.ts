import {
  checkFeaturePair,
  describeShape,
  featureMaps,
  KdError,
  offTape,
  oneOf,
  optionsOf,
  poolToEqual,
  unitVectors,
  vectorLengths,
} from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { mean, mul, reshape, square, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { absolute } from './absolute.js';

/** Options of `factorLoss`. */
export interface FactorLossOptions {
  /** Default "absolute", the mean of `|d|`; "euclidean" is `‖d‖`, "squared" the mean of `d²`. */
  readonly distance?: 'absolute' | 'euclidean' | 'squared';
  /** Default "kept"; "mean" and "mean square" compare averages over the channels, as RepDistiller does. */
  readonly channels?: 'kept' | 'mean' | 'mean square';
}

export const factorLossOptions: Options<
  FactorLossOptions,
  FieldsOf<FactorLossOptions, 'distance' | 'channels'>
> = optionsOf<FactorLossOptions>()({
  distance: oneOf('absolute', 'euclidean', 'squared').default('absolute'),
  channels: oneOf('kept', 'mean', 'mean square').default('kept'),
});

/**
 * How differently the factors of teacher and student look: a distance of `F_t / ‖F_t‖` and `F_s / ‖F_s‖`.
 *
 * The factors of an example are scaled to length 1 as a whole, so their scale does not matter. The larger
 * height and width are pooled to the smaller ones. The loss is zero for equal factors; no gradient flows to
 * the teacher (Kim, Park, Kwak 2018).
 *
 * @param teacherFactors float32 `[B, H, W, K]`, any finite values
 * @param studentFactors float32 `[B, H', W', K]`
 * @param options the distance, and whether channels are kept
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { factorLoss } from '@kd/factor-transfer';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * const teacher = tensor4d([3, 4], [1, 1, 1, 2]);
 * const student = tensor4d([20, 0], [1, 1, 1, 2]);
 * console.log((await factorLoss(teacher, student).data())[0]?.toFixed(4));
 * // 0.6000
 * ```
 */
export function factorLoss(
  teacherFactors: Tensor,
  studentFactors: Tensor,
  options: FactorLossOptions = {},
): Tensor {
  const where = 'factorLoss';
  const settings = factorLossOptions.read(where, options);
  checkFeaturePair(where, teacherFactors, studentFactors, featureMaps);
  if (settings.channels === 'kept' && teacherFactors.shape[3] !== studentFactors.shape[3])
    throw new KdError({
      code: 'KD_TENSOR_SHAPE',
      where,
      argument: 'studentFactors',
      expected: `of ${String(teacherFactors.shape[3])} channels, as the teacher's`,
      received: describeShape(studentFactors.shape),
      remedy: 'Use the term factorTransfer, which translates the student, or average the channels.',
    });
  return tidy(() => {
    const [teacher, student] = poolToEqual(
      offTape(() => mul(teacherFactors, 1)),
      studentFactors,
    );
    const unit = (map: Tensor): Tensor => unitFactors(map, settings.channels);
    return distances[settings.distance](sub(unit(student), unit(teacher)));
  });
}

/** Factors as rows of length 1, `[B, D]`. */
function unitFactors(map: Tensor, channels: NonNullable<FactorLossOptions['channels']>): Tensor {
  const rows = unitVectors(reshape(map, [map.shape[0], -1]), 1);
  if (channels === 'kept') return rows;
  // Sums, because their scale cancels; of scaled rows, because squares overflow or vanish.
  const positions = reshape(rows, [map.shape[0], -1, map.shape[3] as number]);
  return unitVectors(sum(channels === 'mean' ? positions : square(positions), 2), 1);
}

const distances = {
  absolute: (d: Tensor) => mean(absolute(d), 1),
  euclidean: (d: Tensor) => vectorLengths(d, 1),
  squared: (d: Tensor) => mean(square(d), 1),
};
