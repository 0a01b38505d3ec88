import type { DigitCounts, Hints, Job, JobTeacher, Training } from './job.js';
import type { Plan } from './plan.js';

/** A way of training a student. */
export interface Arm {
  readonly name: string;
  readonly training: Training;
  /** What the teacher gives; absent: labels alone. */
  readonly teaching?: { readonly hints?: Hints };
}

/** A student that is trained in one way. */
export interface StudentPlan {
  readonly arm: Arm;
  readonly plan: Plan;
  readonly uniform?: number;
  readonly seed: number;
  /** The name of its training. */
  readonly name: string;
}

/** What all trainings of an experiment share. */
export interface Shared extends Pick<Job, 'backend'> {
  readonly out: string;
}

/** The training of a student. Students of one seed start from the same weights and see the same digits. */
export function studentJob(
  { arm, plan, uniform, seed, name }: StudentPlan,
  digits: DigitCounts,
  teacher: Omit<JobTeacher, 'hints'>,
  shared: Shared,
): Job {
  return {
    ...jobOf(name, shared),
    plan,
    ...(uniform === undefined ? {} : { uniform }),
    seed,
    digits,
    training: arm.training,
    ...(arm.teaching === undefined ? {} : { teacher: { ...teacher, ...arm.teaching } }),
  };
}

/** The training of a teacher on labels. */
export function teacherJob(plan: Plan, digits: DigitCounts, training: Training, shared: Shared): Job {
  return { ...jobOf('teacher', shared), plan, seed: 1, digits, training };
}

function jobOf(name: string, { backend, out }: Shared): Pick<Job, 'name' | 'backend' | 'checkpoints'> {
  return { name, backend, checkpoints: `${out}/checkpoints/${name.replaceAll(/\W+/g, '-')}` };
}
