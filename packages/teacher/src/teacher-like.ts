import { teacher as check } from '@kd/core';
import type { Teacher } from '@kd/core';

/** Throws `KD_OPTION_TYPE` unless `teacher` is a teacher. */
export function checkTeacher(where: string, argument: string, teacher: unknown): asserts teacher is Teacher {
  check.read({ where, argument }, teacher);
}
