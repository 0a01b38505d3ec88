import { jobOf, weightsOf } from '@kd-benchmarks/experiment/perceptrons';
import type { Phase, Shared, TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import type { Settings } from './settings.js';

/** Names of the teachers. */
export const teachers = ['teacher', 'small teacher'] as const;

/** What a student learns from. */
export interface Way {
  readonly name: string;
  /** The digits that the student sees: the labelled share, the others, or all. */
  readonly digits: 'labelled' | 'unlabelled' | 'all';
  /** Which of these have a label for the student. */
  readonly labels: 'none' | 'share' | 'all';
  readonly teacher?: (typeof teachers)[number];
  /** Test accuracy in the paper, on speech frames. */
  readonly paper?: string;
}

/** The ways in which the students learn, in the order of the table. */
export const ways: readonly Way[] = [
  { name: 'labels', digits: 'labelled', labels: 'share', paper: '44.5' },
  { name: 'soft targets', digits: 'labelled', labels: 'none', teacher: 'teacher', paper: '57.0' },
  { name: 'soft targets without labels', digits: 'unlabelled', labels: 'none', teacher: 'teacher' },
  { name: 'soft targets, labels of the share', digits: 'all', labels: 'share', teacher: 'teacher' },
  {
    name: 'soft targets of the small teacher, labels of the share',
    digits: 'all',
    labels: 'share',
    teacher: 'small teacher',
  },
  { name: 'labels of all', digits: 'all', labels: 'all', paper: '58.9' },
];

/** The number of labelled digits. */
export function labelledCount({ size, labelled }: Settings): number {
  return Math.round(size * labelled);
}

/**
 * First the teachers and the students without one, then the other students. Students of one seed start from
 * the same weights.
 */
export function phasesOf(
  settings: Settings,
  seeds: readonly number[],
  shared: Shared,
): Phase<Job, Outcome>[] {
  const { size, teacher, smallTeacher, student, students, soft } = settings;
  const share = labelledCount(settings);
  const counts = { none: 0, share, all: size };
  const teacherJob = (name: string, { training, ...shape }: Settings['teacher'], count: number): Job =>
    jobOf(name, shared, {
      net: { ...shape, seed: 1 },
      seed: 0,
      digits: { count },
      labelled: count,
      training,
    });
  const taught = [teacherJob(teachers[0], teacher, size), teacherJob(teachers[1], smallTeacher, share)];
  const studentJob = (way: Way, seed: number, net: TrainedNet | undefined): Job =>
    jobOf(studentName(way, seed), shared, {
      net: { ...student, seed: 1000 * seed },
      seed,
      // The first digits are the labelled ones.
      digits: way.digits === 'unlabelled' ? { from: share, count: size - share } : { count: way.digits === 'all' ? size : share }, // prettier-ignore
      labelled: counts[way.labels],
      training: way.digits === 'labelled' ? students.few : students.many,
      ...(net === undefined ? {} : { lesson: { teacher: net, soft } }),
    });
  const studentsOf = (chosen: readonly Way[], netOf: (way: Way) => TrainedNet | undefined): Job[] =>
    chosen.flatMap((way) => seeds.map((seed) => studentJob(way, seed, netOf(way))));
  return [
    () => [...taught, ...studentsOf(ways.filter((way) => way.teacher === undefined), () => undefined)], // prettier-ignore
    (trained) =>
      studentsOf(
        ways.filter((way) => way.teacher !== undefined),
        (way) => {
          const job = taught.find(({ name }) => name === way.teacher) as Job;
          return { net: job.net, weights: weightsOf(job.name, trained) };
        },
      ),
  ];
}

/** The name of a student's training. */
export function studentName({ name, digits }: Way, seed: number): string {
  return `student by ${name} on ${digits}, seed ${String(seed)}`;
}
