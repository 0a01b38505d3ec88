import { checkTeacherAndStudent, optionsOf, temperatureOption } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { div, exp, logSoftmax, mul, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Options of `myMethodLoss`. */
export interface MyMethodLossOptions {
  /** Temperature T of teacher and student, > 0; default 4. */
  readonly temperature?: number;
}

export const lossOptions: Options<
  MyMethodLossOptions,
  FieldsOf<MyMethodLossOptions, 'temperature'>
> = optionsOf<MyMethodLossOptions>()({ temperature: temperatureOption.default(4) });

/**
 * The divergence of the student's probabilities from the teacher's: `T² Σ p (log p − log q)`, with
 * `p = softmax(t / T)` and `q = softmax(s / T)`.
 *
 * @param teacherLogits float32 `[B, ..., N]`, N >= 2
 * @param studentLogits float32 of the same shape
 * @param options T
 * @returns float32 `[B, ...]`, one value >= 0 for each example
 * @throws `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_TENSOR_TYPE`, `KD_BATCH_EMPTY`, `KD_CLASSES_MISMATCH`;
 *   `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 */
export function myMethodLoss(
  teacherLogits: Tensor,
  studentLogits: Tensor,
  options: MyMethodLossOptions = {},
): Tensor {
  const where = 'myMethodLoss';
  const { temperature } = lossOptions.read(where, options);
  checkTeacherAndStudent(where, 'teacherLogits', teacherLogits, 'studentLogits', studentLogits, 2);
  return tidy(() => {
    // The logarithm of a softmax is -Infinity at logits of 1000; logSoftmax stays finite.
    const logP = logSoftmax(div(teacherLogits, temperature));
    const logQ = logSoftmax(div(studentLogits, temperature));
    return mul(sum(mul(exp(logP), sub(logP, logQ)), -1), temperature ** 2);
  });
}
