import { describeShape, KdError } from '@kd/core';
import type { Batch, Shape, TeacherDescription, TeacherPrediction, TermShapes } from '@kd/core';
import type { Recipe } from './recipe.js';
import type { TapPlan } from './tap-plan.js';

/** What each term may know of shapes before the first step. */
export function shapesOfTerms(
  { student, terms }: Recipe,
  taps: TapPlan,
  description: TeacherDescription | undefined,
): TermShapes[] {
  const output = { convention: student.output, shape: (student.model.outputs[0] as { shape: Shape }).shape };
  return terms.map((_, index) => {
    const positions = taps.ofTerm[index] ?? { student: [], teacher: [] };
    const ofStudent = { output, taps: positions.student.map((at) => taps.student[at]?.shape ?? []) };
    if (description === undefined) return { student: ofStudent };
    const ofTeacher = {
      output: description.output,
      taps: positions.teacher.map((at) => description.taps[at] ?? []),
    };
    return { student: ofStudent, teacher: ofTeacher };
  });
}

/** Throws unless a teacher's answer is what the teacher described. */
export function checkPrediction(
  { members, taps }: TeacherPrediction,
  description: TeacherDescription | undefined,
  batch: Batch,
): void {
  const rows = Object.values(batch.inputs)[0]?.shape[0] ?? 0;
  const expected: Shape = [rows, ...(description?.output.shape ?? []).slice(1)];
  const fits = (shape: Shape): boolean =>
    shape.length === expected.length && expected.every((size, axis) => size === null || size === shape[axis]);
  const odd = members.find(({ output }) => output.dtype !== 'float32' || !fits(output.shape));
  if (odd === undefined && members.length > 0 && taps.length === (description?.taps.length ?? 0)) return;
  throw new KdError({
    code: 'KD_TEACHER_OUTPUT',
    where: 'the teacher',
    argument: 'its prediction',
    expected: `float32 outputs ${describeShape(expected)} and ${String(description?.taps.length ?? 0)} taps`,
    received:
      odd === undefined
        ? `${String(members.length)} outputs and ${String(taps.length)} taps`
        : `${odd.output.dtype} ${describeShape(odd.output.shape)}`,
    remedy: 'Compare what describe() says with what predict() returns.',
  });
}
