import {
  add,
  all,
  cast,
  concat,
  exp,
  expandDims,
  gather,
  greater,
  greaterEqual,
  less,
  logicalAnd,
  logSumExp,
  mul,
  onesLike,
  range,
  reshape,
  scalar,
  scatterND,
  sub,
  where,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkClassTensor } from '@kd/core';
import { logSoftmaxAtTemperature } from '@kd/temperature';
import { impossible, klDivergence } from './divergence.js';
import { lossOfStudent } from './loss-of-student.js';
import { checkTopTargets, topTargets } from './top-targets.js';
import type { TopTargets } from './top-targets.js';

/**
 * `softTargetLoss` at T = 1 for a teacher of which only the k most likely classes S are known:
 * `sum_S p log(p / q) + p_r log(p_r / q_r)` with `p_r = 1 - sum_S p` and `q_r = 1 - sum_S q`.
 *
 * It is the divergence after all other classes have been merged into one, so it is never negative, 0 where p
 * and q agree on S, and at most `softTargetLoss`. Among the other classes the student keeps its own
 * proportions. For teachers that are stored, or behind an API that returns the most likely tokens. Other
 * temperatures need all logits.
 *
 * @param targets what is known of the teacher; the other classes must have the rest of the probability. A
 *   position with an id that is no class has the loss NaN, which stops a training before its step.
 * @param studentLogits z, float32 `[B, ..., N]`
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws `KD_CLASSES_MISMATCH` unless k < N, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`,
 *   `KD_BATCH_EMPTY`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { softTargetLossFromTop } from '@kd/soft-target-loss';
 * import { log, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * const targets = {
 *   classes: tensor2d([[3, 0]], [1, 2], 'int32'),
 *   logProbabilities: log(tensor2d([[0.5, 0.25]])),
 *   logRemaining: log(tensor1d([0.25])),
 * };
 * const loss = softTargetLossFromTop(targets, tensor2d([[0, 0, 0, 0, 0]]));
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 0.2951
 * ```
 */
export function softTargetLossFromTop(targets: TopTargets, studentLogits: Tensor): Tensor {
  const where = 'softTargetLossFromTop';
  const given = topTargets.read(where, targets, 'targets');
  checkClassTensor(where, 'studentLogits', studentLogits, 2);
  checkTopTargets(where, given, studentLogits);
  return softTargetLossFromTopOf(given, studentLogits);
}

/** `softTargetLossFromTop` of checked arguments. */
export function softTargetLossFromTopOf(
  { classes, logProbabilities, logRemaining }: TopTargets,
  studentLogits: Tensor,
): Tensor {
  return lossOfStudent(studentLogits, (logits) => {
    const width = logits.shape.at(-1) ?? 1;
    // Backends read and write anywhere for other places, so they must never see them.
    const places = flatPlaces(mul(classes, cast(areClasses(classes, width), 'int32')), width);
    const spread = (values: Tensor): Tensor =>
      reshape(scatterND(places, reshape(values, [-1]), [logits.size]), logits.shape);

    const logQ = logSoftmaxAtTemperature(logits, 1);
    const logTop = reshape(gather(reshape(logQ, [-1]), reshape(places, [-1])), classes.shape);
    const others = where(greater(spread(onesLike(logProbabilities)), 0), impossible, logQ);
    const logOthers = logSumExp(others, -1, true);
    const logRest = expandDims(logRemaining, -1);
    // The gradient is that of a teacher who gives the others what they have, in the student's proportions.
    const p = add(spread(exp(logProbabilities)), exp(add(sub(others, logOthers), logRest)));
    const known = all(areClasses(classes, width), -1);
    const value = klDivergence(concat([logProbabilities, logRest], -1), concat([logTop, logOthers], -1));
    return { value: where(known, value, NaN), gradient: sub(exp(logQ), p) };
  });
}

/** Which ids are those of classes. */
function areClasses(ids: Tensor, classes: number): Tensor {
  return logicalAnd(greaterEqual(ids, scalar(0, 'int32')), less(ids, scalar(classes, 'int32')));
}

/** Int32 `[M, 1]`: where each class of each position is in the flat logits. */
function flatPlaces(classes: Tensor, width: number): Tensor {
  const k = classes.shape.at(-1) ?? 1;
  const starts = range(0, (classes.size / k) * width, width, 'int32');
  return reshape(add(expandDims(starts, -1), reshape(classes, [-1, k])), [-1, 1]);
}
