import { div, mean, reshape } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { cosineDistance } from './directions.js';
import { axesOfExample, lossOfStudentHint } from './loss-of-student-hint.js';

/**
 * The hint loss between whole hints scaled to unit length: `1/2 ||u/||u|| - r/||r||||² = 1 - cos(u, r)`.
 *
 * Ignores the scale of either side; in [0, 2]. A hint of zeros has no direction: the value is 1 and the
 * gradient zero.
 *
 * @param teacherHint u, float32 `[B, ...]`, rank 2 or more
 * @param studentHint r, float32 of the same shape
 * @returns float32 `[B]`
 * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { normalizedHintLoss } from '@kd/hint-regressor';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * const loss = normalizedHintLoss(tensor2d([[2, 0], [3, 0]]), tensor2d([[5, 0], [0, 1]]));
 * console.log(await loss.data());
 * // Float32Array(2) [ 0, 1 ]
 * ```
 */
export function normalizedHintLoss(teacherHint: Tensor, studentHint: Tensor): Tensor {
  return lossOfStudentHint('normalizedHintLoss', teacherHint, studentHint, (student) => {
    const { distance, gradient } = cosineDistance(teacherHint, student, axesOfExample(student));
    return { value: reshape(distance, [-1]), gradient };
  });
}

/**
 * `1 - cos` between the channels of the hint and the regressed layer at each position, averaged over
 * positions.
 *
 * Compares what each position responds to, not how strongly; for vectors it equals `normalizedHintLoss`. In
 * [0, 2].
 *
 * @param teacherHint u, float32 `[B, ..., C]`, rank 2 or more, channels last
 * @param studentHint r, float32 of the same shape
 * @returns float32 `[B]`
 * @throws `KD_TENSOR_TYPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_SHAPE`, `KD_BATCH_EMPTY`
 *
 * @example
 * ```ts
 * import { cosineHintLoss } from '@kd/hint-regressor';
 * import { tensor3d } from '@tensorflow/tfjs-core';
 * const hint = tensor3d([[[1, 0], [0, 9]]]); // two positions
 * console.log(await cosineHintLoss(hint, tensor3d([[[5, 0], [1, 0]]])).data());
 * // Float32Array(1) [ 0.5 ]
 * ```
 */
export function cosineHintLoss(teacherHint: Tensor, studentHint: Tensor): Tensor {
  return lossOfStudentHint('cosineHintLoss', teacherHint, studentHint, (student) => {
    const { distance, gradient } = cosineDistance(teacherHint, student, [student.rank - 1]);
    const [batch = 1] = student.shape;
    const positions = distance.size / batch;
    return { value: mean(reshape(distance, [batch, -1]), 1), gradient: div(gradient, positions) };
  });
}
