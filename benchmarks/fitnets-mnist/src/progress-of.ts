import type { StepEvent } from '@kd/trainer';
import type { JobProgress } from '@kd-benchmarks/experiment';
import type { Job } from './job.js';

/** Steps of a job over all its stages, assuming that it uses all its epochs. */
export function stepsOf({ digits, training, teacher }: Job): {
  readonly hints: number;
  readonly all: number;
} {
  const perEpoch = Math.ceil(digits.learning / training.batchSize);
  const hints = perEpoch * (teacher?.hints?.stage?.epochs ?? 0);
  return { hints, all: hints + perEpoch * training.epochs };
}

/** The progress of a job after a step. */
export function progressOf(job: Job, { stage, step, epoch, total }: StepEvent): JobProgress {
  const { hints, all } = stepsOf(job);
  return { share: ((stage === 0 ? 0 : hints) + step + 1) / all, epoch, loss: total };
}
