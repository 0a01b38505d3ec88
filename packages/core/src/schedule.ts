/** A point in time of a training. */
export interface TrainingTime {
  /** Steps done since the start of the stage. */
  readonly step: number;
  /** Epochs done since the start of the stage. */
  readonly epoch: number;
}

/** A number that changes while training. */
export type Schedule = (time: TrainingTime) => number;

/** The value of a number or schedule at the given time. */
export function valueAt(value: number | Schedule, time: TrainingTime): number {
  return typeof value === 'number' ? value : value(time);
}
