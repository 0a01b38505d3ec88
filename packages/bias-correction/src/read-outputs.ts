import { KdError } from '@kd/core';
import { readScores } from '@kd/data';
import type { Column } from '@kd/data';
import type { Outputs } from './problem.js';

/** Checks the outputs of teacher and student for the same inputs, and reads each once. */
export async function readOutputs(
  where: string,
  teacherProbabilities: Column,
  studentLogits: Column,
): Promise<Outputs> {
  const names = ['teacherProbabilities', 'studentLogits'] as const;
  const teacher = await readScores(where, names[0], teacherProbabilities);
  const student = await readScores(where, names[1], studentLogits);
  checkSame(where, 'rows', teacher.rows, student.rows);
  checkSame(where, 'classes', teacher.classes, student.classes);
  const { rows, classes, values: logits } = student;
  const probabilities = teacher.values;
  for (let row = 0; row < rows; row++) {
    const p = Array.from(probabilities.subarray(row * classes, (row + 1) * classes));
    const sum = p.reduce((a, b) => a + b);
    // With 1e-3, a softmax over many classes in float16 still passes and logits do not.
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
        'Find the rows for which the student overflows. If you take logarithms of probabilities, keep the probabilities above zero.',
    });
  }
  return { rows, classes, probabilities, logits };
}

function checkSame(where: string, what: 'rows' | 'classes', teacher: number, student: number): void {
  if (teacher === student) return;
  throw new KdError({
    code: what === 'rows' ? 'KD_TENSOR_SHAPE' : 'KD_CLASSES_MISMATCH',
    where,
    argument: 'teacherProbabilities and studentLogits',
    expected: `equal in their number of ${what}`,
    received: `${String(teacher)} and ${String(student)}`,
    remedy: what === 'rows' ? 'Run both on the same inputs.' : 'Align the classes of the two first.',
  });
}
