import { checkFunction } from '@kd/core';
import type { Teacher } from '@kd/core';

/** Throws `KD_OPTION_TYPE` unless `teacher` is one. */
export function checkTeacher(where: string, argument: string, teacher: unknown): asserts teacher is Teacher {
  const { describe, predict }: { describe?: unknown; predict?: unknown } = Object(teacher) as object;
  checkFunction(where, `${argument}.describe`, describe);
  checkFunction(where, `${argument}.predict`, predict);
}
