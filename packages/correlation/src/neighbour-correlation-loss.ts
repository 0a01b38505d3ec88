import { checkFeaturePair, checkShape, offTape, signOf, rowsOfFeatures } from '@kd/core';
import { div, mul, pad, slice, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { rowsOf } from './rows.js';

/**
 * The products of the errors of neighbours in the batch, RepDistiller's form of the method:
 * `1/(B-1) sum_{i=1..B-1} sum_d |s_i - t_i|_d |s_(i+1) - t_(i+1)|_d`.
 *
 * It compares features, not their similarities, and depends on the order of the batch. The paper has
 * `correlationLoss` instead (Peng et al. 2019). An error of zero has no gradient, nor has the teacher.
 *
 * @param teacherFeatures t, float32 `[B, ...]`, rank 2 or more, up to 1e15 in size
 * @param studentFeatures s, float32 of the same shape
 * @returns a float32 scalar >= 0 for the whole batch; 0 for one example, which has no neighbour
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { neighbourCorrelationLoss } from '@kd/correlation';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([0, 0, 1, 1, 0, 2], [3, 2]), tensor2d([1, 2, 0, 3, 0, 1], [3, 2])];
 * console.log(await neighbourCorrelationLoss(teacher, student).array());
 * // 3.5
 * ```
 */
export function neighbourCorrelationLoss(teacherFeatures: Tensor, studentFeatures: Tensor): Scalar {
  const where = 'neighbourCorrelationLoss';
  checkFeaturePair(where, teacherFeatures, studentFeatures, rowsOfFeatures);
  checkShape(where, 'studentFeatures', studentFeatures, teacherFeatures.shape);
  return tidy(() => {
    const errors = absolute(
      sub(
        rowsOf(studentFeatures),
        offTape(() => rowsOf(teacherFeatures)),
      ),
    );
    const [batch = 0, size = 0] = errors.shape;
    // The last example has zeros for a neighbour, so that one example alone needs no case of its own.
    const next = slice(pad(errors, [[0, 1], [0, 0]]), [1, 0], [batch, size]); // prettier-ignore
    return div<Scalar>(sum(mul(errors, next)), Math.max(1, batch - 1));
  });
}

// tfjs differentiates |x| to -1 at 0, so that values which fit would still be pushed.
function absolute(x: Tensor): Tensor {
  return mul(
    x,
    offTape(() => signOf(x)),
  );
}
