import type { Shape, TeacherDescription, TermShapes } from '@kd/core';
import type { Recipe } from './recipe.js';
import type { TapPlan } from './tap-plan.js';

/** What each term may know about shapes before the first step. */
export function shapesOfTerms(
  { student, terms }: Recipe,
  taps: TapPlan,
  description: TeacherDescription | undefined,
): TermShapes[] {
  const output = {
    convention: student.convention,
    shape: (student.model.outputs[0] as { shape: Shape }).shape,
  };
  return terms.map((_, index) => {
    const positions = taps.ofTerm[index] ?? { student: [], teacher: [] };
    const ofStudent = { output, taps: positions.student.map((at) => taps.student[at]?.shape ?? []) };
    if (description === undefined) return { student: ofStudent };
    const ofTeacher = {
      output: description.output,
      taps: positions.teacher.map((at) => description.taps[at] ?? []),
      ...(description.tapActivations === undefined
        ? {}
        : { tapActivations: positions.teacher.map((at) => description.tapActivations?.[at]) }),
    };
    return { student: ofStudent, teacher: ofTeacher };
  });
}
