import { jobOf, weightsOf } from '@kd-benchmarks/experiment/perceptrons';
import type { Phase, Shared } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import { transfers } from './settings.js';
import type { Settings } from './settings.js';

/** The teacher, then the students of each transfer set. Students of one seed start from the same weights. */
export function phasesOf(
  settings: Settings,
  seeds: readonly number[],
  shared: Shared,
): Phase<Job, Outcome>[] {
  const { size, teacher, student, students, soft } = settings;
  const { training, ...shape } = teacher;
  const net = { ...shape, seed: 1 };
  return [
    () => [jobOf('teacher', shared, { net, seed: 0, digits: { count: size }, training })],
    (trained) =>
      transfers.flatMap(({ name, without, corrected }) =>
        seeds.map((seed) =>
          jobOf(studentName(name, seed), shared, {
            net: { ...student, seed: 1000 * seed },
            seed,
            digits: { count: size, without },
            training: students[name],
            lesson: { teacher: { net, weights: weightsOf('teacher', trained) }, soft, corrected },
          }),
        ),
      ),
  ];
}

/** The name of a student's training. */
export function studentName(transfer: string, seed: number): string {
  return `student of ${transfer}, seed ${String(seed)}`;
}
