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
  /** Steps of the stage that were done before; more than 0 where it goes on from a checkpoint. */
  readonly step: number;
}

/** After each step. */
export interface StepEvent {
  readonly type: 'step';
  readonly stage: number;
  readonly epoch: number;
  /** Step in the stage, from 0. */
  readonly step: number;
  /** Step in the epoch, from 0. */
  readonly stepInEpoch: number;
  readonly examples: number;
  /** What the step has minimised; a term for which nothing counts in its batches adds nothing. */
  readonly total: number;
  /** Each term's unweighted loss; NaN where nothing counts. */
  readonly losses: Measurements;
  readonly weights: Measurements;
  /**
   * What each loss is a mean over: the sum of the weights of what counts, the number of examples where there are no weights. Means of
   * several steps are `sum normalizer * loss / sum normalizer`.
   */
  readonly normalizers: Measurements;
  readonly gradientNorm: number;
  readonly milliseconds: number;
  /** Time that the stage will take from here if it is not ended early; undefined where the length of an epoch is not known yet. */
  readonly secondsLeft: number | undefined;
}

/** After each epoch. */
export interface EpochEvent extends EpochRecord {
  readonly type: 'epoch';
  readonly stage: number;
}

/** Why a stage ended. */
export type StopReason = 'finished' | 'early' | 'aborted' | 'callback';

/** After the last step of a stage, when the best epoch is restored. */
export interface EndEvent {
  readonly type: 'end';
  readonly stage: number;
  readonly reason: StopReason;
  readonly bestEpoch: number | undefined;
}

/** What a training reports while it runs. */
export type TrainEvent = StartEvent | StepEvent | EpochEvent | EndEvent;
