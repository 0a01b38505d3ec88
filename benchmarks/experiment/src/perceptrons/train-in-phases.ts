import { drawProgress } from '../progress.js';
import type { ProcessPool } from '../process-pool.js';
import type { PerceptronJob, PerceptronOutcome, Trained } from './job.js';
import { parametersOf } from './perceptron.js';

/**
 * Jobs that do not depend on each other, made from the outcomes of earlier phases; during planning, from no
 * outcomes.
 */
export type Phase<Job, Outcome> = (trained: readonly Trained<Job, Outcome>[]) => readonly Job[];

/**
 * Runs trainings one phase after the other.
 *
 * @returns all trainings in their order, or nothing if they were interrupted: the checkpoints keep what was
 *   done, and the same call resumes from them
 */
export async function trainInPhases<Job extends PerceptronJob, Outcome extends PerceptronOutcome>(
  phases: readonly Phase<Job, Outcome>[],
  pool: ProcessPool<Job, Outcome>,
): Promise<Trained<Job, Outcome>[] | undefined> {
  const planned = phases.flatMap((phase) => phase([]));
  const { update, end, stop } = drawProgress(planned, workOf);
  const trained: Trained<Job, Outcome>[] = [];
  try {
    for (const phase of phases) {
      const jobs = phase(trained);
      const outcomes = await pool.run(jobs, update, end);
      for (const [index, job] of jobs.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined || outcome.reason === 'aborted') return undefined;
        trained.push({ job, outcome });
      }
    }
    return trained;
  } finally {
    stop();
  }
}

/**
 * The cost of a training, up to a constant factor. The constant in the sum is the cost of an example that
 * does not depend on the size of the net.
 */
function workOf({ net, digits, training }: PerceptronJob): number {
  return digits.count * training.epochs * (3 * parametersOf(net) + 150_000);
}
