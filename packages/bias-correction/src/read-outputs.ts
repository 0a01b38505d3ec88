import type { Tensor } from '@tensorflow/tfjs-core';
import { checkShape, checkTeacherAndStudent, KdError } from '@kd/core';
import type { Outputs } from './problem.js';

/** Checks what teacher and student say of the same inputs, and reads it once. */
export async function readOutputs(
  where: string,
  teacherProbabilities: Tensor,
  studentLogits: Tensor,
): Promise<Outputs> {
  const names = ['teacherProbabilities', 'studentLogits'] as const;
  checkTeacherAndStudent(where, names[0], teacherProbabilities, names[1], studentLogits, 2);
  const [rows, classes] = studentLogits.shape as [number, number];
  checkShape(where, names[1], studentLogits, [rows, classes]);
  const [probabilities, logits] = await Promise.all([teacherProbabilities.data(), studentLogits.data()]);
  for (let row = 0; row < rows; row++) {
    const p = Array.from(probabilities.subarray(row * classes, (row + 1) * classes));
    const sum = p.reduce((a, b) => a + b);
    // 1e-3: a softmax over many classes in float16 still passes; logits do not.
    if (Math.abs(sum - 1) < 1e-3 && p.every((each) => each >= 0)) continue;
    throw new KdError({
      code: 'KD_PROBABILITY_RANGE',
      where,
      argument: `${names[0]}[${String(row)}]`,
      expected: 'a row of numbers >= 0 that sums to one',
      received: `[${p.slice(0, 10).join(', ')}${classes > 10 ? ', ...' : ''}] with sum ${String(sum)}`,
      remedy: "Apply tf.softmax to the teacher's logits first.",
    });
  }
  if (!logits.every(Number.isFinite)) {
    throw new KdError({
      code: 'KD_OPTION_RANGE',
      where,
      argument: names[1],
      expected: 'finite',
      received: 'NaN or infinite values',
      remedy:
        'Look for the rows on which the student overflows; of probabilities take logarithms above zero.',
    });
  }
  return { rows, classes, probabilities, logits };
}
