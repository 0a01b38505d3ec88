import {
  abs,
  div,
  fill,
  lessEqual,
  log,
  logicalNot,
  maximum,
  mul,
  sub,
  tidy,
  where as select,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkClassTensor, checkTeacherAndStudent, withGradient } from '@kd/core';
import { impossible } from './divergence.js';
import { softTargetLossOf } from './soft-target-loss.js';
import { readSoftTargetOptions } from './soft-target-options.js';
import type { SoftTargetOptions } from './soft-target-options.js';

// Smallest normal float32.
const smallest = 2 ** -126;
// Below it the gradient 1/q of log q, times T, leaves float32: at T = 20 from q = 6e-38 on.
const steepest = 2 ** -100;
// A probability that was rounded to 16 bits lies within this of [0, 1].
const tolerance = 1e-3;

/**
 * Logits that stand for given probabilities: `v = log p`, and -1e30 for p = 0.
 *
 * Exact at every temperature, since softmax takes no notice of a constant added to logits; but float32 has lost the tail
 * of what a softmax at T = 1 rounded to zero, and at T = 20 the tail is what matters. Use the teacher's logits if it has them.
 *
 * A number that is no probability, NaN or more than 1e-3 outside of [0, 1], becomes NaN, and so does every loss of it. Rows are taken as they are: a softmax divides them by
 * their sum.
 *
 * @param probabilities float32 `[B, ..., N]` in [0, 1], rows summing to one
 * @returns float32 `[B, ..., N]`
 * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { logitsFromProbabilities } from '@kd/soft-target-loss';
 * import { softmax, tensor2d, type Tensor } from '@tensorflow/tfjs-core';
 * const again = softmax(logitsFromProbabilities(tensor2d([[0, 0.25, 0.75]]))) as Tensor;
 * console.log(Array.from(await again.data(), (p) => p.toFixed(2)).join(' '));
 * // 0.00 0.25 0.75
 * ```
 */
export function logitsFromProbabilities(probabilities: Tensor): Tensor {
  checkClassTensor('logitsFromProbabilities', 'probabilities', probabilities, 1);
  return logarithm(probabilities, impossible, probabilityOrNaN);
}

/** Probabilities of a teacher, and NaN for what is none: nothing can be read back inside a step, whose loss is looked at. */
function probabilityOrNaN(probabilities: Tensor): Tensor {
  const isProbability = lessEqual(abs(sub(probabilities, 0.5)), 0.5 + tolerance);
  return select(isProbability, probabilities, fill(probabilities.shape, NaN));
}

/** Logits of a student that ends in a softmax: a class that has underflowed to 0 counts as 2^-126 and gets no gradient. */
export function studentLogitsFromProbabilities(probabilities: Tensor): Tensor {
  return logarithm(probabilities, Math.log(smallest));
}

// A custom gradient because tfjs has none of the comparison in it, and its own 1/q leaves float32.
function logarithm(probabilities: Tensor, ofZero: number, checked: (p: Tensor) => Tensor = (p) => p): Tensor {
  return withGradient(probabilities, (unchecked) => {
    const p = checked(unchecked);
    // Asked so that a NaN says no, and stays.
    const isZero = lessEqual(p, 0);
    return {
      value: select(isZero, fill(p.shape, ofZero), log(maximum(p, smallest))),
      saved: [div(logicalNot(isZero), maximum(p, steepest))],
      gradient: (dy, slope) => mul(dy, slope),
    };
  });
}

/**
 * `softTargetLoss` for a teacher and a student that both put out probabilities at T = 1: `T² KL(p^(1/T)/Z || q^(1/T)/Z')`.
 *
 * A teacher's probability of zero is legal. Where only one side puts out probabilities, pass that side through
 * `logitsFromProbabilities` and use `softTargetLoss`. Prefer logits for the student: a class of which its softmax has
 * underflowed to zero gets no gradient, and counts as 2^-126.
 *
 * @param teacherProbabilities float32 `[B, ..., N]`, N >= 2, in [0, 1], rows summing to one
 * @param studentProbabilities float32 of the same shape
 * @returns float32 `[B, ...]`, one value >= 0 per example
 * @throws as `softTargetLoss`
 *
 * @example
 * ```ts
 * import { softTargetLossFromProbabilities } from '@kd/soft-target-loss';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const teacher = tensor2d([[1, 0]]);
 * const loss = softTargetLossFromProbabilities(teacher, tensor2d([[0.5, 0.5]]), { temperature: 1 });
 * console.log((await loss.data())[0]?.toFixed(4));
 * // 0.6931
 * ```
 */
export function softTargetLossFromProbabilities(
  teacherProbabilities: Tensor,
  studentProbabilities: Tensor,
  options: SoftTargetOptions,
): Tensor {
  const where = 'softTargetLossFromProbabilities';
  const settings = readSoftTargetOptions(where, options);
  checkTeacherAndStudent(
    where,
    'teacherProbabilities',
    teacherProbabilities,
    'studentProbabilities',
    studentProbabilities,
    2,
  );
  return tidy(() =>
    softTargetLossOf(
      logitsFromProbabilities(teacherProbabilities),
      studentLogitsFromProbabilities(studentProbabilities),
      settings,
    ),
  );
}
