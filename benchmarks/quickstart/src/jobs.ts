import type { PoolJob, Weights } from '@kd-benchmarks/experiment';
import type { Budget } from './arms.js';
import chosen from './chosen.json' with { type: 'json' };
import type { PerceptronOptions } from './models.js';
import type { Options } from './options.js';

/** The teacher of a job. */
export interface JobTeacher {
  readonly perceptron: PerceptronOptions;
  readonly weights: Weights;
  readonly temperature: number;
  readonly softWeight: number;
}

/** One training as plain data, so that it can be sent to another process. */
export interface Job extends PoolJob {
  readonly perceptron: PerceptronOptions;
  /** The digits to learn from. */
  readonly digits: 'teaching' | 'transfer';
  readonly transferSize: number;
  readonly budget: Budget;
  /** Seed of the order of the batches and of dropout. */
  readonly seed: number;
  /** Where to write the events of the training, if the page shows the model. */
  readonly events?: string;
  /** Absent: labels alone. */
  readonly teacher?: JobTeacher;
}

type Shared = Pick<Job, 'transferSize' | 'backend'>;

function withEpochs(
  { epochs, batchSize, learningRate, patience }: Budget,
  override: number | undefined,
): Budget {
  return { epochs: override ?? epochs, batchSize, learningRate, patience };
}

/** The training of the teacher, on all its digits or on the transfer set alone. */
export function teacherJob(digits: Job['digits'], shared: Shared, { teacherEpochs }: Options): Job {
  const budget = digits === 'teaching' ? chosen.teacher : chosen.teacherOnTransferSet;
  const { units, dropout } = budget;
  return {
    name: digits === 'teaching' ? 'teacher' : 'teacher on the transfer set',
    perceptron: { units, dropout, seed: 1 },
    digits,
    budget: withEpochs(budget, teacherEpochs),
    seed: 0,
    ...shared,
  };
}

/**
 * The trainings of the student, one per seed. Students of one seed start from the same weights and see the
 * same batches.
 */
export function studentJobs(
  name: string,
  shared: Shared,
  options: Options,
  from?: { job: Job; weights: Weights },
): Job[] {
  const { temperature = chosen.distilled.temperature, seeds, epochs } = options;
  const { softWeight } = chosen.distilled;
  return Array.from({ length: seeds }, (_, index) => index + 1).map((seed) => ({
    name: seeds === 1 ? name : `${name}, ${String(seed)} of ${String(seeds)}`,
    perceptron: { ...chosen.student, seed: seed * 1000 },
    digits: 'transfer',
    budget: withEpochs(from === undefined ? chosen.alone : chosen.distilled, epochs),
    seed,
    ...shared,
    ...(from === undefined
      ? {}
      : { teacher: { perceptron: from.job.perceptron, weights: from.weights, temperature, softWeight } }),
  }));
}
