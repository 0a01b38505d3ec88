import type { EpochRecord, Measurements, StopReason } from '@kd/trainer';

/** A step of a stage. */
export interface ReportedStep {
  /** Step in the stage, from 0. */
  readonly step: number;
  /** From 0. */
  readonly epoch: number;
  readonly examples: number;
  /** What the step has minimised. */
  readonly total: number;
  /** Each term's unweighted loss; NaN where nothing counts. */
  readonly losses: Measurements;
  readonly weights: Measurements;
  /** Numbers and schedules that the terms read, by `TERM/SCALAR`. */
  readonly scalars: Measurements;
  readonly gradientNorm: number;
}

/** An epoch of a stage: the record of the trainer, and means over its steps. */
export interface ReportedEpoch extends EpochRecord {
  /** Mean weight of each term over the steps of the epoch; empty if no step was reported. */
  readonly weights: Measurements;
  /** Mean of each scalar, in the same way. */
  readonly scalars: Measurements;
  /** Mean over the steps of the epoch; undefined if no step was reported. */
  readonly gradientNorm: number | undefined;
}

/** A stage of a training. */
export interface ReportedStage {
  readonly name: string;
  /** The number of epochs that was asked for. */
  readonly epochs: number;
  /** Number of trained parameters. */
  readonly parameters: number;
  readonly steps: readonly ReportedStep[];
  /** Finished epochs. */
  readonly history: readonly ReportedEpoch[];
  /**
   * The epoch whose weights were restored, or the best one so far if the stage has not ended; undefined
   * without validation.
   */
  readonly bestEpoch: number | undefined;
  /** Why the stage ended; undefined if it is running, failed, or was killed. */
  readonly reason: StopReason | undefined;
  /** Time spent in epochs, validation included, and in the steps of an unfinished one. */
  readonly seconds: number;
}

/** A training as plain data. */
export interface ReportedRun {
  /** The stages that began, in order. */
  readonly stages: readonly ReportedStage[];
  /** The sum over the stages. */
  readonly seconds: number;
}
