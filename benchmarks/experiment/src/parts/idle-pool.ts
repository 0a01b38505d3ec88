import type { JobOutcome, PoolJob, ProcessPool } from '../process-pool.js';

/** A pool that runs nothing, as after Ctrl-C: with it, an experiment gives what is kept. */
export function idlePool<Job extends PoolJob, Outcome extends JobOutcome>(): ProcessPool<Job, Outcome> {
  return {
    run: (jobs) => Promise.resolve(jobs.map(() => undefined)),
    abort: () => undefined,
    close: () => undefined,
  };
}
