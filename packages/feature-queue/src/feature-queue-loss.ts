import {
  checkFeaturePair,
  checkFeatures,
  checkShape,
  numberIn,
  offTape,
  optionsOf,
  unitVectors,
} from '@kd/core';
import type { FeatureShape, FieldsOf, Options } from '@kd/core';
import {
  abs,
  add,
  div,
  exp,
  logSoftmax,
  matMul,
  max,
  mul,
  step,
  sub,
  sum,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

const where = 'featureQueueLoss';

/** Options of `featureQueueLoss`. */
export interface FeatureQueueLossOptions {
  /** Temperature T of the similarities, a finite number >= 0.001; default 0.07. */
  readonly temperature?: number;
}

export const lossOptions: Options<
  FeatureQueueLossOptions,
  FieldsOf<FeatureQueueLossOptions, 'temperature'>
> = optionsOf<FeatureQueueLossOptions>()({
  temperature: numberIn(
    'a finite number >= 0.001',
    (x) => Number.isFinite(x) && x >= 0.001,
    'Use 0.07.',
  ).default(0.07),
});

const vectors: FeatureShape = {
  expected: 'of shape [B, D]',
  fits: ({ length }) => length === 2,
  remedy: 'Flatten the features of each example.',
};

// Far below every similarity over T.
const excluded = -1e9;

/**
 * How differently student and teacher find an example similar to those of a queue: `KL(p_t || p_s)` with
 * `p = softmax(Q x / T)`.
 *
 * Q holds features of the teacher, one row for each example; they and x count as divided by their length. So
 * each row of the queue acts as a class. A row of zeros is an empty place of the queue and no class. No
 * gradient flows to the teacher or the queue.
 *
 * @param teacherFeatures x of the teacher, float32 `[B, D]`, any finite values
 * @param studentFeatures x of the student, float32 `[B, D]`, any finite values
 * @param queue float32 `[Q, D]`, any finite values
 * @param options temperature
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_OPTION_RANGE`,
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { featureQueueLoss } from '@kd/feature-queue';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const queue = tensor2d([1, 0, 0, 1, 0, 0], [3, 2]);
 * const [teacher, student] = [tensor2d([2, 0], [1, 2]), tensor2d([1, 1], [1, 2])];
 * console.log((await featureQueueLoss(teacher, student, queue, { temperature: 0.5 }).data())[0]?.toFixed(4));
 * // 0.3278
 * ```
 */
export function featureQueueLoss(
  teacherFeatures: Tensor,
  studentFeatures: Tensor,
  queue: Tensor,
  options: FeatureQueueLossOptions = {},
): Tensor {
  const { temperature } = lossOptions.read(where, options);
  checkFeaturePair(where, teacherFeatures, studentFeatures, vectors);
  checkShape(where, 'studentFeatures', studentFeatures, teacherFeatures.shape);
  checkFeatures(where, 'queue', queue, { ...vectors, expected: 'of shape [Q, D]' });
  checkShape(where, 'queue', queue, [queue.shape[0], teacherFeatures.shape[1] as number]);
  return tidy(() => {
    const classes = offTape(() => transpose(unitVectors(queue, 1)));
    const empty = offTape(() => mul(sub(1, step(max(abs(queue), 1))), excluded));
    const logProbabilities = (features: Tensor): Tensor =>
      logSoftmax(add(div(matMul(unitVectors(features, 1), classes), temperature), empty));
    const ofTeacher = offTape(() => logProbabilities(teacherFeatures));
    return sum(mul(exp(ofTeacher), sub(ofTeacher, logProbabilities(studentFeatures))), 1);
  });
}
