import type { JobOutcome, PoolJob, ProcessPool } from './process-pool.js';
import type { RunJob } from './serve-jobs.js';

/** A pool without processes, for tests: it runs its jobs in this process, one after the other. */
export function poolInProcess<Job extends PoolJob, Outcome extends JobOutcome>(
  runJob: RunJob<Job, Outcome>,
): ProcessPool<Job, Outcome> {
  const controller = new AbortController();
  return {
    run: async (jobs, onProgress, onEnd) => {
      const outcomes: (Outcome | undefined)[] = jobs.map(() => undefined);
      for (const [index, job] of jobs.entries()) {
        const outcome = await runJob(job, controller.signal, (progress) => {
          onProgress(job, progress);
        });
        outcomes[index] = outcome;
        if (outcome.reason === 'aborted') break;
        onEnd(job, outcome);
      }
      return outcomes;
    },
    abort: () => {
      controller.abort();
    },
    close: () => undefined,
  };
}
