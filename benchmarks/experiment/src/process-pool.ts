import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@kd/backend/node';
import type { StopReason } from '@kd/trainer';
import { JobFailure } from './error-text.js';
import type { FromProcess, JobProgress, ToProcess } from './messages.js';

/** One training as plain data, so that it can be sent to another process. */
export interface PoolJob {
  readonly name: string;
  readonly backend: BackendName;
}

/** The outcome of a training. */
export interface JobOutcome {
  readonly reason: StopReason;
}

/**
 * Processes that run jobs side by side. This uses the cores better than threads do, because a small step does
 * not parallelise well.
 */
export interface ProcessPool<Job, Outcome> {
  /**
   * Runs jobs, as many at a time as there are processes, and says when each ends. Returns their outcomes in
   * order; undefined for those that had not started before an abort.
   */
  readonly run: (
    jobs: readonly Job[],
    onProgress: (job: Job, progress: JobProgress) => void,
    onEnd: (job: Job, outcome: Outcome) => void,
  ) => Promise<(Outcome | undefined)[]>;
  /** Ends the trainings after their current steps; their outcomes say so. */
  readonly abort: () => void;
  readonly close: () => void;
}

/** Starts a pool of processes that run `script`, which calls `serveJobs`; each may use `threads` threads. */
export function processPool<Job extends PoolJob, Outcome extends JobOutcome>(
  script: URL,
  { size, threads }: { readonly size: number; readonly threads: number },
): ProcessPool<Job, Outcome> {
  const children = Array.from({ length: size }, () =>
    fork(fileURLToPath(script), [String(threads)], { serialization: 'advanced' }),
  );
  return {
    run: async (jobs, onProgress, onEnd) => {
      const outcomes: (Outcome | undefined)[] = jobs.map(() => undefined);
      const waiting = jobs.map((job, index) => ({ job, index }));
      const serve = async (child: ChildProcess): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const { job, index } = next;
          const outcome = await runOn<Outcome>(child, job, (progress) => {
            onProgress(job, progress);
          });
          outcomes[index] = outcome;
          // Once interrupted, the pool starts nothing new.
          if (outcome.reason === 'aborted') waiting.length = 0;
          onEnd(job, outcome);
        }
      };
      await Promise.all(children.map(serve));
      return outcomes;
    },
    abort: () => {
      for (const child of connected(children)) child.send({ type: 'abort' } satisfies ToProcess<Job>);
    },
    close: () => {
      for (const child of connected(children)) child.disconnect();
    },
  };
}

// A process that has died is skipped: its job has already failed by then, with its name.
function connected(children: readonly ChildProcess[]): ChildProcess[] {
  return children.filter((child) => child.connected);
}

function runOn<Outcome>(
  child: ChildProcess,
  job: PoolJob,
  onProgress: (progress: JobProgress) => void,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      child.off('message', onMessage).off('exit', onExit);
      finish();
    };
    const onMessage = (message: FromProcess<Outcome>): void => {
      if (message.type === 'progress') onProgress(message.progress);
      else if (message.type === 'outcome')
        settle(() => {
          resolve(message.outcome);
        });
      else
        settle(() => {
          reject(new JobFailure(`${job.name}: ${message.message}`));
        });
    };
    const onExit = (code: number | null): void => {
      settle(() => {
        reject(new Error(`${job.name}: its process ended with code ${String(code)}`));
      });
    };
    child.on('message', onMessage).on('exit', onExit);
    child.send({ type: 'job', job } satisfies ToProcess<PoolJob>);
  });
}
