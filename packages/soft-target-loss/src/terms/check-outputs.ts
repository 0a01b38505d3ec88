import { conventions, KdError } from '@kd/core';
import type { Convention, TermShapes } from '@kd/core';

function checkKind(where: string, who: string, convention: Convention, independent: boolean): void {
  if ((conventions[convention].family === 'independent labels') === independent) return;
  throw new KdError({
    code: 'KD_TEACHER_CONVENTION',
    where,
    argument: `the output of the ${who}`,
    expected: independent ? '"sigmoid-logits" or "sigmoid-probabilities"' : '"logits" or "probabilities"',
    received: JSON.stringify(convention),
    remedy: independent
      ? 'Use the term for classes.'
      : 'Use the sigmoid term, which is for independent labels.',
  });
}

/** Throws unless the student outputs classes (or independent labels). */
export function checkStudentOutput(where: string, shapes: TermShapes, independent: boolean): void {
  checkKind(where, 'student', shapes.student.output.convention, independent);
}

/** Throws unless student and teacher both output classes (or independent labels), in equal numbers. */
export function checkOutputs(where: string, { student, teacher }: TermShapes, independent: boolean): void {
  checkKind(where, 'student', student.output.convention, independent);
  if (teacher === undefined) return;
  checkKind(where, 'teacher', teacher.output.convention, independent);
  const [ofStudent, ofTeacher] = [student.output.shape.at(-1), teacher.output.shape.at(-1)];
  if (ofStudent === ofTeacher) return;
  throw new KdError({
    code: 'KD_CLASSES_MISMATCH',
    where,
    argument: 'the outputs of teacher and student',
    expected: 'of equal numbers of classes',
    received: `${String(ofTeacher)} from the teacher and ${String(ofStudent)} from the student`,
    remedy: 'Align the classes of both first.',
  });
}
