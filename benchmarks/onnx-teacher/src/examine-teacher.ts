import { select } from '@kd-datasets/mnist';
import { digitsOf } from '@kd-benchmarks/experiment/perceptrons';
import { answersOf } from './answers-of.js';
import { aboutTeacher, differenceOf } from './compare.js';
import type { AboutTeacher } from './compare.js';
import { openTeacher } from './open-teacher.js';

/** What there is to say of a teacher before anybody learns from it. */
export interface TeacherReport {
  readonly file: string;
  readonly testErrors: number;
  /** Absent where nothing stands beside the ONNX file. */
  readonly about?: Omit<AboutTeacher, 'probabilities'>;
  /** The largest difference of a probability to what Python said. */
  readonly difference?: number;
}

/** Counts the test errors of an ONNX teacher, and compares it with what Python said of it. */
export async function examineTeacher(file: string): Promise<TeacherReport> {
  const { validation, test } = await digitsOf({ count: 0 });
  const teacher = await openTeacher(file);
  try {
    const testErrors = errorsOf(await answersOf(teacher, test), test.labels);
    const about = await aboutTeacher(file);
    if (about === undefined) {
      console.log(`No .json stands beside ${file}: the teacher is not compared with what it was in Python.`);
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
