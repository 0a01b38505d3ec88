import type { JobOutcome, PoolJob, Weights } from '@kd-benchmarks/experiment';
import type { Plan } from './plan.js';

/** How long and how fast a net learns. */
export interface Training {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Epochs without a better validation error after which it ends; absent: never. */
  readonly patience?: number;
}

/** The hints of a student: which layer learns them, and when. */
export interface Hints {
  readonly guided: string;
  /** In a stage of their own before all else, as published, or together with all else. */
  readonly strategy: 'two stages' | 'joint';
  /** The first of two stages. */
  readonly stage?: Pick<Training, 'epochs' | 'learningRate'>;
}

/** A trained teacher. */
export interface JobTeacher {
  readonly plan: Plan;
  readonly weights: Weights;
  /** Absent: soft targets alone. */
  readonly hints?: Hints;
}

/** Which digits are used. Those of validation come first, then those that are learnt from. */
export interface DigitCounts {
  readonly validation: number;
  readonly learning: number;
}

/** One training as plain data. */
export interface Job extends PoolJob {
  readonly plan: Plan;
  /** Range of the first weights, as `net` takes it. */
  readonly uniform?: number;
  /** Of the first weights and of the order of the digits. */
  readonly seed: number;
  readonly digits: DigitCounts;
  readonly training: Training;
  /** Folder of the checkpoints. */
  readonly checkpoints: string;
  /** Absent: labels alone. */
  readonly teacher?: JobTeacher;
}

/** What a training has come to. */
export interface Outcome extends JobOutcome {
  readonly weights: Weights;
  readonly testErrors: number;
  /** Validation error of each epoch in per cent; of the second stage where there are two. */
  readonly validationErrors: readonly number[];
  /** The lowest of them. */
  readonly bestValidationError: number;
}
