import { checkFloat32, checkTensor, conventions, oneOf } from '@kd/core';
import type { Check, Convention } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { logitsFromProbabilities, studentLogitsFromProbabilities } from './from-probabilities.js';
import { sigmoidLogitsFromProbabilities, studentLogitsFromSigmoid } from './sigmoid-soft-target-loss.js';

/** What has logits: all conventions but values. */
export type ConventionWithLogits = Exclude<Convention, 'values'>;

const conventionWithLogits: Check<ConventionWithLogits> = oneOf(
  'logits',
  'probabilities',
  'sigmoid-logits',
  'sigmoid-probabilities',
);

const inverseOf = { softmax: logitsFromProbabilities, sigmoid: sigmoidLogitsFromProbabilities } as const;

/**
 * The logits of an output of any convention: logits unchanged, `log p` for classes, `log p - log(1 - p)` for
 * independent labels.
 *
 * @param output float32 `[B, ..., N]`; the caller still owns it, and gets it back if it holds logits
 * @param convention what the output holds
 * @returns logits of the same shape
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE` for another convention; `KD_TENSOR_TYPE`; `KD_TENSOR_DTYPE`,
 *   `KD_TENSOR_SHAPE` if probabilities are not such a tensor
 *
 * @example
 * ```ts
 * import { logitsOfOutput } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const logits = logitsOfOutput(tensor2d([[0.5, 0.75]]), 'sigmoid-probabilities');
 * console.log(Array.from(await logits.data(), (x) => x.toFixed(4)).join(' '));
 * // 0.0000 1.0986
 * ```
 */
export function logitsOfOutput(output: Tensor, convention: ConventionWithLogits): Tensor {
  checkTensor('logitsOfOutput', 'output', output);
  conventionWithLogits.read({ where: 'logitsOfOutput', argument: 'convention' }, convention);
  const { scale, squashing = 'softmax' } = conventions[convention];
  return scale === 'logits' ? output : inverseOf[squashing](output);
}

const inverseForStudent = {
  softmax: studentLogitsFromProbabilities,
  sigmoid: studentLogitsFromSigmoid,
} as const;

/**
 * The logits of a student's output of any convention, differentiable: a probability of 0 counts as 2^-126.
 *
 * @param output float32 `[B, ..., N]`; the caller still owns it, and gets it back if it holds logits
 * @param convention what the output holds
 * @returns logits of the same shape
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE` for another convention; `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`
 *
 * @example
 * ```ts
 * import { studentLogitsOfOutput } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const logits = studentLogitsOfOutput(tensor2d([[0, 0.5]]), 'probabilities');
 * console.log(Array.from(await logits.data(), (x) => x.toFixed(4)).join(' '));
 * // -87.3365 -0.6931
 * ```
 */
export function studentLogitsOfOutput(output: Tensor, convention: ConventionWithLogits): Tensor {
  checkFloat32('studentLogitsOfOutput', 'output', output);
  conventionWithLogits.read({ where: 'studentLogitsOfOutput', argument: 'convention' }, convention);
  const { scale, squashing = 'softmax' } = conventions[convention];
  return scale === 'logits' ? output : inverseForStudent[squashing](output);
}
