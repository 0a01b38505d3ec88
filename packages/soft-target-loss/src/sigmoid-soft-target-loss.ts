import { stack, sub, sum, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkClassTensor, checkTeacherAndStudent } from '@kd/core';
import { logitsFromProbabilities, studentLogitsFromProbabilities } from './from-probabilities.js';
import { softTargetCrossEntropyOf, softTargetLossOf } from './soft-target-loss.js';
import { readSoftTargetOptions } from './soft-target-options.js';
import type { SoftTargetOptions } from './soft-target-options.js';

/**
 * The two logits of each label, present and absent, `[..., N, 2]`.
 *
 * sigmoid(z) = softmax([z, 0]), so on these logits every loss for classes is a loss for independent labels.
 */
export function presentAndAbsent(logits: Tensor): Tensor {
  return stack([logits, zerosLike(logits)], -1);
}

/**
 * `softTargetLoss` for independent labels: `T² sum_labels [p log(p/q) + (1-p) log((1-p)/(1-q))]` with
 * `p = sigmoid(v / T)`, `q = sigmoid(z / T)`.
 *
 * Zero at equal logits. Gradient with respect to z: `T (q - p)`.
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 1
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example, summed over the labels
 * @throws as `softTargetLoss`
 *
 * @example
 * ```ts
 * import { sigmoidSoftTargetLoss } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = sigmoidSoftTargetLoss(tensor2d([[2, -1]]), tensor2d([[0, 0]]), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 0.4388
 * ```
 */
export function sigmoidSoftTargetLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: SoftTargetOptions,
): Tensor {
  const where = 'sigmoidSoftTargetLoss';
  const settings = readSoftTargetOptions(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 1);
  return tidy(() =>
    sum(softTargetLossOf(presentAndAbsent(teacherLogits), presentAndAbsent(studentLogits), settings), -1),
  );
}

/**
 * The cross-entropy form of `sigmoidSoftTargetLoss`: `-T² sum_labels [p log q + (1-p) log(1-q)]`.
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 1
 * @param studentLogits z, float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example; not zero at equality
 * @throws as `softTargetLoss`
 *
 * @example
 * ```ts
 * import { sigmoidSoftTargetCrossEntropy } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = sigmoidSoftTargetCrossEntropy(tensor2d([[2, -1]]), tensor2d([[0, 0]]), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 1.3863
 * ```
 */
export function sigmoidSoftTargetCrossEntropy(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: SoftTargetOptions,
): Tensor {
  const where = 'sigmoidSoftTargetCrossEntropy';
  const settings = readSoftTargetOptions(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 1);
  return tidy(() =>
    sum(
      softTargetCrossEntropyOf(presentAndAbsent(teacherLogits), presentAndAbsent(studentLogits), settings),
      -1,
    ),
  );
}

/**
 * Logits for probabilities of independent labels: `v = log p - log(1 - p)`, ±1e30 at 1 and 0. NaN for NaN and
 * for values more than 1e-3 outside [0, 1].
 *
 * @param probabilities float32 `[B, ..., N]` in [0, 1]
 * @returns float32 of the same shape
 * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { sigmoidLogitsFromProbabilities } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const logits = sigmoidLogitsFromProbabilities(tensor2d([[0.5, 0.8808]]));
 * console.log(Array.from(await logits.data(), (x) => x.toFixed(2)).join(' '));
 * // 0.00 2.00
 * ```
 */
export function sigmoidLogitsFromProbabilities(probabilities: Tensor): Tensor {
  checkClassTensor('sigmoidLogitsFromProbabilities', 'probabilities', probabilities, 1);
  return tidy(() =>
    sub(logitsFromProbabilities(probabilities), logitsFromProbabilities(sub(1, probabilities))),
  );
}

/**
 * Logits of a student that ends in a sigmoid. Differentiable; a label saturated at 0 or 1 gets no gradient.
 */
export function studentLogitsFromSigmoid(probabilities: Tensor): Tensor {
  return sub(
    studentLogitsFromProbabilities(probabilities),
    studentLogitsFromProbabilities(sub(1, probabilities)),
  );
}
