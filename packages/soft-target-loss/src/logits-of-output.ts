import { conventions } from '@kd/core';
import type { Convention } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { logitsFromProbabilities } from './from-probabilities.js';
import { sigmoidLogitsFromProbabilities } from './sigmoid-soft-target-loss.js';

const inverseOf = { softmax: logitsFromProbabilities, sigmoid: sigmoidLogitsFromProbabilities } as const;

/**
 * The logits of an output of any convention: logits unchanged, `log p` for classes, `log p - log(1 - p)` for
 * independent labels.
 *
 * @param output float32 `[B, ..., N]`; the caller still owns it, and gets it back if it holds logits
 * @param convention what the output holds
 * @returns logits of the same shape
 * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE` if probabilities are not such a tensor
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
export function logitsOfOutput(output: Tensor, convention: Convention): Tensor {
  const { isLogits, activation } = conventions[convention];
  return isLogits ? output : inverseOf[activation](output);
}
