import { select } from '@kd-datasets/mnist';
import { digitsOf } from '@kd-benchmarks/experiment/perceptrons';
import { answersOf } from './answers-of.js';
import { aboutTeacher, differenceOf } from './compare.js';
import type { AboutTeacher } from './compare.js';
import { openTeacher } from './open-teacher.js';

/** What is known about a teacher before anyone learns from it. */
export interface TeacherReport {
  readonly file: string;
  readonly testErrors: number;
  /** Absent if the ONNX file has no .json file next to it. */
  readonly about?: Omit<AboutTeacher, 'probabilities'>;
  /** The largest difference of a probability from Python's. */
  readonly difference?: number;
}

/** Counts the test errors of an ONNX teacher, and compares its answers with those in Python. */
export async function examineTeacher(file: string): Promise<TeacherReport> {
  const { validation, test } = await digitsOf({ count: 0 });
  const teacher = await openTeacher(file);
  try {
    const testErrors = errorsOf(await answersOf(teacher, test), test.labels);
    const about = await aboutTeacher(file);
    if (about === undefined) {
      console.log(
        `There is no .json next to ${file}, so the teacher is not compared with its original in Python.`,
      );
      return { file, testErrors };
    }
    const { probabilities, ...rest } = about;
    const rows = Int32Array.from(probabilities, (_, row) => row);
    const difference = differenceOf(probabilities, await answersOf(teacher, select(validation, rows)));
    return { file, testErrors, about: rest, difference };
  } finally {
    teacher.dispose?.();
  }
}

function errorsOf(logits: readonly Float32Array[], labels: Int32Array): number {
  return logits.filter((row, index) => row.indexOf(Math.max(...row)) !== labels[index]).length;
}
