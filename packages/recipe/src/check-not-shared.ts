import { KdError } from '@kd/core';
import type { NamedWeight, TeacherDescription } from '@kd/core';

/** Throws `KD_TEACHER_TRAINED` if any of these weights is a teacher's too. */
export function checkNotShared(
  where: string,
  trained: readonly NamedWeight[],
  teacher: TeacherDescription | undefined,
): void {
  const ofTeacher = new Set(teacher?.variables);
  const shared = trained.find(({ variable }) => ofTeacher.has(variable));
  if (shared === undefined) return;
  throw new KdError({
    code: 'KD_TEACHER_TRAINED',
    where,
    argument: 'the teacher',
    expected: 'without any weight that is trained',
    received: `the weight ${JSON.stringify(shared.name)}, which is trained`,
    remedy:
      'Freeze the shared layers, copy the model, or wrap a teacher that shall change with onlineTeacher of @kd/teacher.',
  });
}
