import type { TrainingTime } from '@kd/core';

/** The time before the first step. */
export const timeZero: TrainingTime = { step: 0, epoch: 0 };

/** The time for a schedule that starts at `start`. */
export function timeSince(start: TrainingTime, time: TrainingTime): TrainingTime {
  return { step: time.step - start.step, epoch: time.epoch - start.epoch };
}
