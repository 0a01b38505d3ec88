import { jobOf } from '@kd-benchmarks/experiment/perceptrons';
import type { Phase, Shared, TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import type { MeanName } from './means.js';
import type { Settings } from './settings.js';

/** What a student learns from. */
export interface Way {
  readonly name: string;
  readonly teachers: 'none' | 'one' | 'all';
  readonly mean: MeanName;
}

/** The ways in which the students learn, in the order of the table. */
export const ways: readonly Way[] = [
  { name: 'student alone', teachers: 'none', mean: 'arithmetic' },
  { name: 'student of one net', teachers: 'one', mean: 'arithmetic' },
  { name: 'student of the ensemble, arithmetic mean', teachers: 'all', mean: 'arithmetic' },
  { name: 'student of the ensemble, geometric mean', teachers: 'all', mean: 'geometric' },
];

/**
 * First the members and the students without a teacher, then the other students. Students of one seed start
 * from the same weights.
 */
export function phasesOf(
  settings: Settings,
  seeds: readonly number[],
  shared: Shared,
): Phase<Job, Outcome>[] {
  const { size, members, teacher, student, students, soft } = settings;
  const { training, ...shape } = teacher;
  const digits = { count: size };
  const memberNet = (member: number): Job['net'] => ({ ...shape, seed: 10 * member });
  const numbers = Array.from({ length: members }, (_, index) => index + 1);
  const studentJob = (way: Way, seed: number, teachers: readonly TrainedNet[]): Job =>
    jobOf(studentName(way, seed), shared, {
      net: { ...student, seed: 1000 * seed },
      seed,
      digits,
      training: teachers.length === 0 ? students.alone : students.distilled,
      ...(teachers.length === 0 ? {} : { lesson: { teachers, mean: way.mean, soft } }),
    });
  const studentsOf = (names: readonly Way['teachers'][], nets: readonly TrainedNet[]): Job[] =>
    ways
      .filter(({ teachers }) => names.includes(teachers))
      .flatMap((way) => seeds.map((seed) => studentJob(way, seed, teachersOf(way, seed, nets))));
  return [
    () => [
      ...numbers.map((member) =>
        jobOf(memberName(member), shared, { net: memberNet(member), seed: member, digits, training }),
      ),
      ...studentsOf(['none'], []),
    ],
    (trained) => {
      const nets = numbers.map((member) => {
        const found = trained.find(({ job }) => job.name === memberName(member));
        return { net: memberNet(member), weights: found?.outcome.weights ?? [] };
      });
      return studentsOf(['one', 'all'], nets);
    },
  ];
}

/** The name of a member's training, numbered from 1. */
export function memberName(member: number): string {
  return `net ${String(member)} of the ensemble`;
}

/** The name of a student's training. */
export function studentName({ name }: Way, seed: number): string {
  return `${name}, seed ${String(seed)}`;
}

/**
 * Each seed takes a different member as its one teacher, so that the mean does not depend on one lucky
 * member.
 */
function teachersOf({ teachers }: Way, seed: number, nets: readonly TrainedNet[]): readonly TrainedNet[] {
  if (teachers === 'none') return [];
  return teachers === 'all' ? nets : [nets[(seed - 1) % nets.length] as TrainedNet];
}
