import { abs, add, exp, log1p, mul, neg, relu, sigmoid, sub, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor } from '@kd/core';
import { axesOfExample, lossOfStudentHint } from './loss-of-student-hint.js';
import { factorOf } from './reduction.js';
import type { HintLossOptions } from './reduction.js';

/** `-(t log s + (1-t) log(1-s))` with s = sigmoid(z), and its gradient with respect to z. */
function crossEntropy(t: Tensor, z: Tensor): { readonly value: Tensor; readonly gradient: Tensor } {
  // max(z, 0) - z t + log(1 + e^-|z|): avoids the logarithm of a sigmoid, which is -Infinity from z = -104
  // on.
  return {
    value: add(sub(relu(z), mul(z, t)), log1p(exp(neg(abs(z))))),
    gradient: sub(sigmoid(z), t),
  };
}

/**
 * Cross-entropy with a hint from a sigmoid: `-sum (u log s + (1-u) log(1-s))` with `s = sigmoid(r)`.
 *
 * The regressor outputs r, without a sigmoid. The gradient `s - u` does not vanish where the sigmoid
 * saturates, unlike that of the squared error. At equality the loss is the hint's entropy, not zero. From the
 * code that accompanies Romero et al. 2015.
 *
 * @param teacherHint u, float32 `[B, ...]` in [0, 1], rank 2 or more
 * @param studentLogits r, float32 of the same shape, any finite values
 * @param options the reduction: "paper" (sum over the hint, the default) or "mean"
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY`, `KD_OPTION_TYPE`,
 *   `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { sigmoidHintLoss } from '@kd/hint-regressor';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = sigmoidHintLoss(tensor2d([[0.5, 1]]), tensor2d([[0, 0]]));
 * console.log((await loss.data())[0]?.toFixed(4), (2 * Math.log(2)).toFixed(4));
 * // 1.3863 1.3863
 * ```
 */
export function sigmoidHintLoss(
  teacherHint: Tensor,
  studentLogits: Tensor,
  options: HintLossOptions = {},
): Tensor {
  const where = 'sigmoidHintLoss';
  checkTensor(where, 'studentHint', studentLogits);
  const factor = factorOf(where, options, studentLogits, 1);
  return lossOfStudentHint(where, teacherHint, studentLogits, (logits) => {
    const { value, gradient } = crossEntropy(teacherHint, logits);
    return { value: mul(sum(value, axesOfExample(logits)), factor), gradient: mul(gradient, factor) };
  });
}

/**
 * Cross-entropy with a hint from a tanh, both mapped to [0, 1]: `sigmoidHintLoss` of `(u + 1) / 2` and `2 r`,
 * as `(tanh(r) + 1) / 2 = sigmoid(2 r)`.
 *
 * @param teacherHint u, float32 `[B, ...]` in [-1, 1], rank 2 or more
 * @param studentLogits r, the output of the regressor before a tanh, float32 of the same shape
 * @param options the reduction: "paper" (sum over the hint, the default) or "mean"
 * @returns float32 `[B]`, one value >= 0 per example
 * @throws as `sigmoidHintLoss`
 *
 * @example
 * ```ts
 * import { tanhHintLoss } from '@kd/hint-regressor';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = tanhHintLoss(tensor2d([[0, 1]]), tensor2d([[0, 0]]));
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 1.3863
 * ```
 */
export function tanhHintLoss(
  teacherHint: Tensor,
  studentLogits: Tensor,
  options: HintLossOptions = {},
): Tensor {
  const where = 'tanhHintLoss';
  checkTensor(where, 'studentHint', studentLogits);
  const factor = factorOf(where, options, studentLogits, 1);
  return lossOfStudentHint(where, teacherHint, studentLogits, (logits) => {
    const { value, gradient } = crossEntropy(mul(add(teacherHint, 1), 0.5), mul(logits, 2));
    return { value: mul(sum(value, axesOfExample(logits)), factor), gradient: mul(gradient, 2 * factor) };
  });
}
