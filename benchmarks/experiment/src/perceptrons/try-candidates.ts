import process from 'node:process';
import type { ProcessPool } from '../process-pool.js';
import type { PerceptronJob, PerceptronOutcome, Trained } from './job.js';
import { trainInPhases } from './train-in-phases.js';
import type { Phase } from './train-in-phases.js';

/**
 * Trains candidates for an experiment one after the other, and prints what `tell` says of each. The first
 * phase trains the teachers; all candidates share it. All checkpoints stay, so that the same call resumes.
 */
export async function tryCandidates<Job extends PerceptronJob, Outcome extends PerceptronOutcome>(
  candidates: Readonly<Record<string, readonly Phase<Job, Outcome>[]>>,
  pool: ProcessPool<Job, Outcome>,
  tell: (trained: readonly Trained<Job, Outcome>[]) => string,
): Promise<void> {
  for (const [name, [teachers, ...others]] of Object.entries(candidates)) {
    const ofCandidate = others.map(
      (phase): Phase<Job, Outcome> =>
        (trained) =>
          phase(trained).map((job) => ({
            ...job,
            checkpoints: `${job.checkpoints}-${name.replaceAll(/[^\w.]+/g, '-')}`,
          })),
    );
    const phases = teachers === undefined ? ofCandidate : [teachers, ...ofCandidate];
    const trained = await trainInPhases(phases, pool);
    if (trained === undefined) {
      process.exitCode = 130;
      return;
    }
    console.log(`${name}: ${tell(trained)}`);
  }
}
