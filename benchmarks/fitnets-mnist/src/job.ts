import type { JobOutcome, PoolJob, Weights } from '@kd-benchmarks/experiment';
import type { Plan } from './plan.js';

/** How long and how fast a net learns. */
export interface Training {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** The training ends after this many epochs without a better validation error; absent: never early. */
  readonly patience?: number;
}

/** The hints of a student: which layer learns them, and when. */
export interface Hints {
  readonly guided: string;
  /** In a separate first stage, as published, or together with the other losses. */
  readonly strategy: 'two stages' | 'joint';
  /** The first of the two stages. */
  readonly stage?: Pick<Training, 'epochs' | 'learningRate'>;
}

/** A trained teacher. */
export interface JobTeacher {
  readonly plan: Plan;
  readonly weights: Weights;
  /** Absent: soft targets alone. */
  readonly hints?: Hints;
}

/** Which digits are used: first those of validation, then those to learn from. */
export interface DigitCounts {
  readonly validation: number;
  readonly learning: number;
}

/** One training as plain data. */
export interface Job extends PoolJob {
  readonly plan: Plan;
  /** Range of the first weights, as `net` expects it. */
  readonly uniform?: number;
  /** Seed of the first weights and of the order of the digits. */
  readonly seed: number;
  readonly digits: DigitCounts;
  readonly training: Training;
  /** Folder for the checkpoints. */
  readonly checkpoints: string;
  /** Absent: labels alone. */
  readonly teacher?: JobTeacher;
}

/** The outcome of a training. */
export interface Outcome extends JobOutcome {
  readonly weights: Weights;
  readonly testErrors: number;
  /** Validation error of each epoch in per cent; of the second stage if there are two. */
  readonly validationErrors: readonly number[];
  /** The lowest validation error. */
  readonly bestValidationError: number;
}
