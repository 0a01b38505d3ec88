import type { EpochRecord, Measurements } from './history.js';

/** Before the first step of a stage. */
export interface StartEvent {
  readonly type: 'start';
  /** Index of the stage, from 0. */
  readonly stage: number;
  /** Name of the stage. */
  readonly name: string;
  readonly epochs: number;
  /** Unknown for a stream until its first epoch is over. */
  readonly stepsPerEpoch: number | undefined;
  /** Number of trained parameters. */
  readonly parameters: number;
  /** Steps of the stage already taken; more than 0 if it resumes from a checkpoint. */
  readonly step: number;
}

/** After each step; on a GPU once the gradients of the next one are on their way. */
export interface StepEvent {
  readonly type: 'step';
  readonly stage: number;
  readonly epoch: number;
  /** Step in the stage, from 0. */
  readonly step: number;
  /** Step in the epoch, from 0. */
  readonly stepInEpoch: number;
  readonly examples: number;
  /** What the step has minimised. A term for which nothing counts in its batches adds nothing. */
  readonly total: number;
  /** Each term's unweighted loss; NaN where nothing counts. */
  readonly losses: Measurements;
  readonly weights: Measurements;
  /** Numbers and schedules that the terms read, by `TERM/SCALAR`, such as `soft/temperature`. */
  readonly scalars: Measurements;
  /**
   * The denominator of each loss: the sum of the weights of what counts, or the number of examples if there
   * are no weights. The mean over several steps is `sum normalizer * loss / sum normalizer`.
   */
  readonly normalizers: Measurements;
  readonly gradientNorm: number;
  readonly milliseconds: number;
  /**
   * Estimated time to the end of the stage if it does not end early; undefined while the length of an epoch
   * is unknown.
   */
  readonly secondsLeft: number | undefined;
}

/**
 * As soon as it is known whether the steps of a stage run as single calls, or that changes; only on a backend
 * that can, and not with `compile: "never"`.
 */
export interface CompileEvent {
  readonly type: 'compile';
  readonly stage: number;
  /** The step of the stage after which it was known. */
  readonly step: number;
  readonly compiled: boolean;
  /** Why not; undefined if they do. */
  readonly reason: string | undefined;
}

/** After each epoch. */
export interface EpochEvent extends EpochRecord {
  readonly type: 'epoch';
  readonly stage: number;
}

/** Why a stage ended. */
export type StopReason = 'finished' | 'early' | 'aborted' | 'callback';

/** After the last step of a stage, once the best epoch is restored. */
export interface EndEvent {
  readonly type: 'end';
  readonly stage: number;
  readonly reason: StopReason;
  readonly bestEpoch: number | undefined;
}

/** What a training reports while it runs. */
export type TrainEvent = StartEvent | CompileEvent | StepEvent | EpochEvent | EndEvent;
