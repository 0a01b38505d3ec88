import { isDeepStrictEqual } from 'node:util';
import type { PoolJob } from '@kd-benchmarks/experiment';
import type { PartOutcome } from '@kd-benchmarks/experiment/parts';
import type { DigitSet } from './digits.js';
import type { NetShape } from './net.js';

/** How long and how fast a net learns; the rate falls to 0 along half a cosine wave. */
export interface Training {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** What keeps a teacher from learning its images by heart, beside dropout. */
export interface Regularization {
  /** The longest incoming vector of a unit. */
  readonly maxNorm: number;
  /** The largest shift of an image in each direction, in pixels. */
  readonly shift: number;
}

/** What a student learns from a teacher. */
export interface Lesson {
  /** The file with the teacher's weights, and its shape. */
  readonly teacher: { readonly file: string; readonly shape: NetShape };
  readonly temperature: number;
  /** Weight of the soft targets; the labels get the rest. */
  readonly softWeight: number;
}

/** One training as plain data. */
export interface Job extends PoolJob {
  readonly shape: NetShape;
  /** Seeds the first weights, the order of the digits, dropout and shifts. */
  readonly seed: number;
  readonly digits: DigitSet;
  readonly training: Training;
  readonly regularization?: Regularization;
  /** Absent: labels alone. */
  readonly lesson?: Lesson;
  /** Classes whose biases are corrected after the training. */
  readonly corrected?: readonly number[];
  /** What counts errors: while settings are chosen the validation digits, then the test digits. */
  readonly judgedOn: 'validation' | 'test';
  /** Where the trained weights go, if they are used again. */
  readonly weights?: string;
  /** The folder and the name under which a page shows the training. */
  readonly shown?: { readonly folder: string; readonly name: string };
  /** Folder for the checkpoints. */
  readonly checkpoints: string;
  /** Some epochs take a fraction of a second, and a checkpoint has 15 MB; default 60. */
  readonly secondsBetweenCheckpoints?: number;
}

/** What decides a result. */
export interface JobSettings extends Pick<
  Job,
  'shape' | 'seed' | 'digits' | 'training' | 'regularization' | 'judgedOn'
> {
  readonly lesson?: Omit<Lesson, 'teacher'> & { readonly teacher: NetShape };
}

/** What is kept of a training. */
export interface Result extends JobSettings {
  /** Unweighted losses in the last epoch, by term. */
  readonly losses: Readonly<Record<string, number>>;
  readonly size: number;
  /** The rows that the net gets wrong, as bits. */
  readonly wrong: string;
  /** The same with corrected biases. */
  readonly corrected?: { readonly offsets: readonly number[]; readonly wrong: string };
  readonly seconds: number;
}

export type Outcome = PartOutcome<Result>;

/** What decides the result of a job; where its files are does not. */
export function settingsOf({
  shape,
  seed,
  digits,
  training,
  regularization,
  lesson,
  judgedOn,
}: JobSettings | Job): JobSettings {
  return {
    ...{ shape, seed, digits, training },
    ...(regularization && { regularization }),
    ...(lesson && { lesson: { ...lesson, teacher: shapeOf(lesson.teacher) } }),
    judgedOn,
  };
}

function shapeOf(teacher: NetShape | Lesson['teacher']): NetShape {
  return 'shape' in teacher ? teacher.shape : teacher;
}

/** Whether a result is that of a job with the settings of today. */
export function isOf(result: Result, job: Job): boolean {
  return isDeepStrictEqual(settingsOf(result), settingsOf(job));
}
