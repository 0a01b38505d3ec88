import { isDeepStrictEqual } from 'node:util';
import type { PoolJob } from '@kd-benchmarks/experiment';
import type { PartOutcome } from '@kd-benchmarks/experiment/parts';
import type { Plan } from './plan.js';

/** How many digits there are for each purpose. */
export interface DigitCounts {
  readonly learning: number;
  readonly validation: number;
  readonly test: number;
}

/** How long and how fast a net learns; in each stage the rate falls to 0 along half a cosine wave. */
export interface Training {
  /** Of all stages together. */
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** RMSProp with limits for the incoming vectors of units, by layer; absent: Adam. */
  readonly rmsprop?: { readonly epsilon: number; readonly maxNorm: Readonly<Record<string, number>> };
}

/** What a net learns from. */
export interface Lesson {
  /** Weight of the labels; default 1. */
  readonly labels?: number;
  /** Whether it learns the teacher's soft targets; default no. */
  readonly soft?: boolean;
  /** Whether the hint is one more loss beside soft targets and labels; default no. */
  readonly joint?: boolean;
  /** Share of the epochs in a first stage, on the hint alone; default 0. */
  readonly hintShare?: number;
  /** A regressor of maxout units for the first stage; absent: the one that `@kd/hint-regressor` chooses. */
  readonly regressor?: MaxoutRegressor;
}

/** The regressor of the authors' program. */
export interface MaxoutRegressor {
  /** The first weights, as `net` expects them. */
  readonly uniform?: number;
  readonly maxNorm: number;
}

/** One training as plain data. */
export interface Job extends PoolJob {
  readonly plan: Plan;
  /** Range of the first weights, as `net` expects it. */
  readonly uniform?: number;
  /** Seeds the first weights, the order of the digits and their shifts. */
  readonly seed: number;
  readonly digits: DigitCounts;
  /** The largest shift of an image in each direction, in pixels; absent: none. */
  readonly shift?: number;
  readonly training: Training;
  readonly lesson: Lesson;
  /** Folder with the answers of the teacher; absent: labels alone. */
  readonly teacher?: string;
  /** Folder for the answers that the net, a teacher, leaves for its students. */
  readonly answers?: string;
  /** What counts errors: while learning rates are chosen the validation digits, then the test digits. */
  readonly judgedOn: 'validation' | 'test';
  /** Folder for the checkpoints. */
  readonly checkpoints: string;
}

/** What decides a result; where its files are does not. */
export type JobSettings = Pick<
  Job,
  'plan' | 'uniform' | 'seed' | 'digits' | 'shift' | 'training' | 'lesson' | 'judgedOn'
>;

/** What is kept of a training. */
export interface Result extends JobSettings {
  /** Epochs of the first stage, on hints alone. */
  readonly hintEpochs: number;
  /** Errors on the validation digits after each epoch of the last stage, whose best epoch counts. */
  readonly validationErrors: readonly number[];
  /** Unweighted losses of the last epoch, by term. */
  readonly losses: Readonly<Record<string, number>>;
  /**
   * By term of the last stage: how many steps after the start its loss has fallen by a tenth, steps on hints
   * included. Null if it never has.
   */
  readonly leftPlateau: Readonly<Record<string, number | null>>;
  readonly size: number;
  /** The rows that the net gets wrong, as bits. */
  readonly wrong: string;
  readonly seconds: number;
}

export type Outcome = PartOutcome<Result>;

/** Epochs of the first stage, on hints alone. */
export function hintEpochsOf({ training, lesson }: Pick<Job, 'training' | 'lesson'>): number {
  return Math.round((lesson.hintShare ?? 0) * training.epochs);
}

/** The settings of a job, or those of its result. */
export function settingsOf({
  plan,
  uniform,
  seed,
  digits,
  shift,
  training,
  lesson,
  judgedOn,
}: JobSettings): JobSettings {
  return {
    plan,
    ...(uniform !== undefined && { uniform }),
    ...{ seed, digits },
    ...(shift !== undefined && { shift }),
    ...{ training, lesson, judgedOn },
  };
}

/** Whether a result is that of a job with the settings of today. */
export function isOf(result: Result, job: Job): boolean {
  return isDeepStrictEqual(settingsOf(result), settingsOf(job));
}
