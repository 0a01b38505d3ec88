import { drawProgress } from '../progress.js';
import type { ProcessPool } from '../process-pool.js';
import type { PerceptronJob, PerceptronOutcome, Trained } from './job.js';
import { parametersOf } from './perceptron.js';

/**
 * Jobs that need nothing of each other, made from what the phases before have come to; while all is only
 * planned, from nothing.
 */
export type Phase<Job, Outcome> = (trained: readonly Trained<Job, Outcome>[]) => readonly Job[];

/**
 * Runs trainings one phase after the other.
 *
 * @returns all of them in their order, or nothing where they were interrupted: what was done is in the
 *   checkpoints, from which the same call goes on
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
 * What a training costs, up to a constant, which stands for what an example costs whatever the size of the
 * net.
 */
function workOf({ net, digits, training }: PerceptronJob): number {
  return digits.count * training.epochs * (3 * parametersOf(net) + 150_000);
}
