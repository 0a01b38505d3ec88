import type { EpochRecord, Measurements } from './history.js';

/** Before the first step. */
export interface StartEvent {
  readonly type: 'start';
  readonly epochs: number;
  /** Unknown for a stream until its first epoch is over. */
  readonly stepsPerEpoch: number | undefined;
  /** Number of trained parameters. */
  readonly parameters: number;
}

/** After each step. */
export interface StepEvent {
  readonly type: 'step';
  readonly epoch: number;
  /** Step in the run, from 0. */
  readonly step: number;
  /** Step in the epoch, from 0. */
  readonly stepInEpoch: number;
  readonly examples: number;
  readonly total: number;
  readonly losses: Measurements;
  readonly weights: Measurements;
  readonly gradientNorm: number;
  readonly milliseconds: number;
}

/** After each epoch. */
export interface EpochEvent extends EpochRecord {
  readonly type: 'epoch';
}

/** Why a training ended. */
export type StopReason = 'finished' | 'early' | 'aborted' | 'callback';

/** After the last step, when the best epoch is restored. */
export interface EndEvent {
  readonly type: 'end';
  readonly reason: StopReason;
  readonly bestEpoch: number | undefined;
}

/** What a training reports while it runs. */
export type TrainEvent = StartEvent | StepEvent | EpochEvent | EndEvent;
