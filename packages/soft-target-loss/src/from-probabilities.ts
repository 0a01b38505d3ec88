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
// Below it the gradient 1/q of log q, times T, overflows float32: at T = 20 from q = 6e-38 on.
const steepest = 2 ** -100;
// Probabilities rounded to 16 bits may be this far outside [0, 1].
const tolerance = 1e-3;

/**
 * Logits for given probabilities: `v = log p`, and -1e30 for p = 0.
 *
 * Exact at every temperature, since softmax ignores a constant added to logits. But float32 has lost the tail
 * that a softmax at T = 1 rounded to zero, and at T = 20 the tail matters. Use the teacher's logits if you
 * have them.
 *
 * An invalid probability (NaN, or more than 1e-3 outside [0, 1]) becomes NaN, and so does every loss computed
 * from it. Rows need not sum to one: a softmax normalises them.
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

/**
 * A teacher's probabilities, with NaN for invalid ones: nothing can be read back inside a step, but the
 * trainer checks that the loss is finite.
 */
function probabilityOrNaN(probabilities: Tensor): Tensor {
  const isProbability = lessEqual(abs(sub(probabilities, 0.5)), 0.5 + tolerance);
  return select(isProbability, probabilities, fill(probabilities.shape, NaN));
}

/**
 * Logits of a student that ends in a softmax. A class that has underflowed to 0 counts as 2^-126 and gets no
 * gradient.
 */
export function studentLogitsFromProbabilities(probabilities: Tensor): Tensor {
  return logarithm(probabilities, Math.log(smallest));
}

// A custom gradient, because tfjs has no gradient for the comparison, and its own 1/q overflows float32.
function logarithm(probabilities: Tensor, ofZero: number, checked: (p: Tensor) => Tensor = (p) => p): Tensor {
  return withGradient(probabilities, (unchecked) => {
    const p = checked(unchecked);
    // Written so that NaN gives false, and stays NaN.
    const isZero = lessEqual(p, 0);
    return {
      value: select(isZero, fill(p.shape, ofZero), log(maximum(p, smallest))),
      saved: [div(logicalNot(isZero), maximum(p, steepest))],
      gradient: (dy, slope) => mul(dy, slope),
    };
  });
}

/**
 * `softTargetLoss` for a teacher and a student that both output probabilities at T = 1:
 * `T² KL(p^(1/T)/Z || q^(1/T)/Z')`.
 *
 * The teacher may have probabilities of zero. If only one side outputs probabilities, convert it with
 * `logitsFromProbabilities` and use `softTargetLoss`. Prefer logits for the student: a class that has
 * underflowed to zero in its softmax gets no gradient, and counts as 2^-126.
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
