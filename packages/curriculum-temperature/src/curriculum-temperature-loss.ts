import { checkShape, checkTeacherAndStudent, checkTensor, offTape } from '@kd/core';
import { div, exp, logSoftmax, mul, square, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Soft targets at a temperature that is differentiable: `T² KL(p || q)`, `p = softmax(v / T)`,
 * `q = softmax(z / T)`.
 *
 * The gradient with respect to T says whether a larger one makes the student's task harder (Li et al. 2023,
 * section 3).
 *
 * @param teacherLogits v, float32 `[B, ..., N]`, N >= 2
 * @param studentLogits z, float32 of the same shape
 * @param temperature T, a float32 scalar tensor above 0, which is not checked
 * @returns float32 `[B, ...]`, one value >= 0 per example; no gradient flows to the teacher's logits
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_CLASSES_MISMATCH`
 *
 * @example
 * ```ts
 * import { curriculumTemperatureLoss } from '@kd/curriculum-temperature';
 * import { scalar, tensor2d, valueAndGrad } from '@tensorflow/tfjs-core';
 * const [teacher, student] = [tensor2d([[4, 1, 0]]), tensor2d([[2, 0, 1]])];
 * const { value, grad } = valueAndGrad((T) => curriculumTemperatureLoss(teacher, student, T))(scalar(2));
 * console.log((await value.data())[0]?.toFixed(4), (await grad.data())[0]?.toFixed(4));
 * // 0.5694 0.1834
 * ```
 */
export function curriculumTemperatureLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  temperature: Tensor,
): Tensor {
  const where = 'curriculumTemperatureLoss';
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  checkTensor(where, 'temperature', temperature);
  checkShape(where, 'temperature', temperature, []);
  return tidy(() => lossOf(teacherLogits, studentLogits, temperature));
}

/** `curriculumTemperatureLoss` of checked arguments. */
export function lossOf(teacherLogits: Tensor, student: Tensor, temperature: Tensor): Tensor {
  // The temperature reaches both sides of the divergence, the teacher's logits none.
  const teacher = offTape(() => mul(teacherLogits, 1));
  const [logP, logQ] = [teacher, student].map((logits) => logSoftmax(div(logits, temperature))) as [
    Tensor,
    Tensor,
  ];
  return mul(sum(mul(exp(logP), sub(logP, logQ)), -1), square(temperature));
}
