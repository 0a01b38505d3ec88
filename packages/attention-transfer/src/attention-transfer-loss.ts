import {
  checkFeaturePair,
  checkFloat32,
  checkShape,
  fn,
  offTape,
  optionsOf,
  featureMaps,
  poolToEqual,
} from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { attentionMapOptions, unitMap } from './attention-map.js';
import type { AttentionMapOptions } from './attention-map.js';
import { euclideanDistance } from './map-distance.js';
import type { MapDistance } from './map-distance.js';

const where = 'attentionTransferLoss';

/** Options of `attentionTransferLoss`. */
export interface AttentionTransferLossOptions extends AttentionMapOptions {
  /** A function that compares two maps; default `euclideanDistance`. */
  readonly distance?: MapDistance;
}

export const lossOptions: Options<
  AttentionTransferLossOptions,
  FieldsOf<AttentionTransferLossOptions, 'power' | 'distance'>
> = optionsOf<AttentionTransferLossOptions>()({
  ...attentionMapOptions.fields,
  distance: fn<MapDistance>().default(euclideanDistance),
});

/**
 * How differently teacher and student look at an input: `distance(Q_t / ||Q_t||, Q_s / ||Q_s||)`,
 * `Q = sum_c |f_c|^p`.
 *
 * The numbers of channels may differ. If heights or widths differ, the larger one is average-pooled to the
 * smaller one before the map is computed, separately for each axis. The loss is zero for equal maps; no
 * gradient flows to the teacher (Zagoruyko and Komodakis 2017, eq. 2).
 *
 * @param teacherFeatures float32 `[B, H, W, C]`, any finite values
 * @param studentFeatures float32 `[B, H', W', C']`, any finite values
 * @returns float32 `[B]`, one value per example; the reduction is the caller's
 * @throws `KD_OPTION_RANGE` for a power < 1 or not finite, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`,
 *   `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { attentionTransferLoss, meanSquaredDifference } from '@kd/attention-transfer';
 * import { tensor4d } from '@tensorflow/tfjs-core';
 * const teacher = tensor4d([1, -1, 0, 2], [1, 1, 2, 2]);
 * const student = tensor4d([3, 0], [1, 1, 2, 1]);
 * for (const options of [{}, { distance: meanSquaredDifference }])
 *   console.log((await attentionTransferLoss(teacher, student, options).data())[0]?.toFixed(4));
 * // 1.0515
 * // 0.5528
 * ```
 */
export function attentionTransferLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  options: AttentionTransferLossOptions = {},
): Tensor {
  return lossOf(teacherFeatures, studentFeatures, lossOptions.read(where, options));
}

/** `attentionTransferLoss` with checked options. */
export function lossOf(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  { power, distance }: Settings<typeof lossOptions.fields>,
): Tensor {
  checkFeaturePair(where, teacherFeatures, studentFeatures, featureMaps);
  const [batch = 0] = teacherFeatures.shape;
  return tidy(() => {
    const [teacher, student] = poolToEqual(teacherFeatures, studentFeatures);
    const values: unknown = distance(
      offTape(() => unitMap(teacher, power)),
      unitMap(student, power),
    );
    checkFloat32(where, 'the value of options.distance', values);
    checkShape(where, 'the value of options.distance', values, [batch]);
    return values;
  });
}
