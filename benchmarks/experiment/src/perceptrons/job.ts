import type { JobOutcome, PoolJob } from '../process-pool.js';
import type { Weights } from '../weights.js';
import type { DigitSet } from './digits.js';
import type { PerceptronOptions } from './perceptron.js';

/** How long and how fast a net learns. */
export interface Training {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** One training as plain data, so that it can be sent to another process. */
export interface PerceptronJob extends PoolJob {
  readonly net: PerceptronOptions;
  /** Seed of the order of the digits and of dropout. */
  readonly seed: number;
  readonly digits: DigitSet;
  readonly training: Training;
  /** Folder for the checkpoints. */
  readonly checkpoints: string;
}

/** The outcome of every training. */
export interface PerceptronOutcome extends JobOutcome {
  readonly weights: Weights;
}

/** A job and its outcome. */
export interface Trained<Job, Outcome> {
  readonly job: Job;
  readonly outcome: Outcome;
}

/** A trained net, as the jobs that learn from it receive it. */
export interface TrainedNet {
  readonly net: PerceptronOptions;
  readonly weights: Weights;
}

/** What all trainings of an experiment share. */
export interface Shared extends Pick<PoolJob, 'backend'> {
  readonly out: string;
}

/** The job with this name, and with a separate folder for its checkpoints. */
export function jobOf<Fields>(
  name: string,
  { backend, out }: Shared,
  fields: Fields,
): Fields & Pick<PerceptronJob, 'name' | 'backend' | 'checkpoints'> {
  return { ...fields, name, backend, checkpoints: `${out}/checkpoints/${name.replaceAll(/\W+/g, '-')}` };
}

/** The final weights of a training; empty while it is only planned. */
export function weightsOf<Outcome extends PerceptronOutcome>(
  name: string,
  trained: readonly Trained<PerceptronJob, Outcome>[],
): Weights {
  return trained.find(({ job }) => job.name === name)?.outcome.weights ?? [];
}
