import { checkFeatures, checkShape, optionsOf, softmaxDivergence, temperatureOption } from '@kd/core';
import { sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { edgeDistributions } from './edge-distributions.js';

const where = 'localizationLoss';

/** Options of `localizationLoss`. */
export interface LocalizationLossOptions {
  /** Temperature T of teacher and student, > 0; default 10. */
  readonly temperature?: number;
}

const lossOptions = optionsOf<LocalizationLossOptions>()({ temperature: temperatureOption.default(10) });

/**
 * How differently student and teacher place the edges of boxes: `T² sum_edges KL(p || q)` at each location.
 *
 * For detectors that predict a distribution over bins of distances for each edge, as those with the
 * distribution focal loss. `p` is the teacher's softmax over the bins at temperature T, `q` the student's.
 * Where a distribution is flat, the edge is ambiguous (Zheng et al. 2022). No gradient flows to the teacher.
 *
 * @param teacherLogits float32 `[B, ..., 4, bins]`, any finite values
 * @param studentLogits float32 of the same shape
 * @param options the temperature
 * @returns float32 `[B, ...]`, one value >= 0 per location
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`; `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { localizationLoss } from '@kd/dense';
 * import { tensor } from '@tensorflow/tfjs-core';
 * // One location, two bins: only the first edge differs.
 * const teacher = tensor([2, 0, 0, 0, 0, 0, 0, 0], [1, 1, 4, 2]);
 * const student = tensor([0, 2, 0, 0, 0, 0, 0, 0], [1, 1, 4, 2]);
 * const loss = localizationLoss(teacher, student, { temperature: 1 });
 * console.log(loss.shape.join(), (await loss.data())[0]?.toFixed(4));
 * // 1,1 1.5232
 * ```
 */
export function localizationLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: LocalizationLossOptions = {},
): Tensor {
  return lossOf(teacherLogits, studentLogits, lossOptions.read(where, options).temperature);
}

/** `localizationLoss` at a checked temperature, which may be a scalar tensor. */
export function lossOf(teacherLogits: Tensor, studentLogits: Tensor, temperature: Tensor | number): Tensor {
  checkFeatures(where, 'teacherLogits', teacherLogits, edgeDistributions);
  checkFeatures(where, 'studentLogits', studentLogits, edgeDistributions);
  checkShape(where, 'studentLogits', studentLogits, teacherLogits.shape);
  return tidy(() => sum(softmaxDivergence(teacherLogits, studentLogits, temperature), -1));
}
