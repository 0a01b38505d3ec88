import { jobOf } from '@kd-benchmarks/experiment/perceptrons';
import type { PerceptronJob, PerceptronOutcome, Phase, Shared } from '@kd-benchmarks/experiment/perceptrons';
import type { Settings, SoftSettings } from './settings.js';

/** One training. */
export interface Job extends PerceptronJob {
  /** Absent: labels alone. */
  readonly lesson?: { readonly teacherFile: string; readonly soft: SoftSettings };
}

/** The outcome of a training. */
export interface Outcome extends PerceptronOutcome {
  readonly testErrors: number;
  /** Validation error of each epoch, in per cent. */
  readonly validationErrors: readonly number[];
}

/** The two kinds of students. */
export const arms = ['alone', 'distilled'] as const;

/** All students. Those of one seed start from the same weights and see the same digits in the same order. */
export function phasesOf(
  settings: Settings,
  seeds: readonly number[],
  teacherFile: string,
  shared: Shared,
): Phase<Job, Outcome>[] {
  const { transferSize, student, students, soft } = settings;
  const jobs = arms.flatMap((arm) =>
    seeds.map((seed) =>
      jobOf(studentName(arm, seed), shared, {
        net: { ...student, seed: 1000 * seed },
        seed,
        digits: { count: transferSize },
        training: students[arm],
        ...(arm === 'alone' ? {} : { lesson: { teacherFile, soft } }),
      }),
    ),
  );
  return [() => jobs];
}

/** The name of a student's training. */
export function studentName(arm: (typeof arms)[number], seed: number): string {
  return `student ${arm}, seed ${String(seed)}`;
}
