import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job } from './jobs.js';
import type { FromProcess, ToProcess } from './process-messages.js';
import type { JobProgress, Outcome } from './run-job.js';

/** Processes that run jobs side by side, which uses the cores better than threads do: a small step is not divided well. */
export interface ProcessPool {
  /** Runs jobs, as many at a time as there are processes; outcomes in the order of the jobs. */
  readonly run: (
    jobs: readonly Job[],
    onProgress: (job: Job, progress: JobProgress) => void,
    onEnd: (job: Job) => void,
  ) => Promise<Outcome[]>;
  /** Ends the trainings after the steps at hand; their outcomes say so. */
  readonly abort: () => void;
  readonly close: () => void;
}

/** Starts a pool, each process of which may compute on `threads` threads. */
export function processPool(size: number, threads: number): ProcessPool {
  const children = Array.from({ length: size }, () =>
    fork(fileURLToPath(new URL('job-process.ts', import.meta.url)), [String(threads)], {
      serialization: 'advanced',
    }),
  );
  return {
    run: async (jobs, onProgress, onEnd) => {
      const outcomes: Outcome[] = [];
      const waiting = jobs.map((job, index) => ({ job, index }));
      const serve = async (child: ChildProcess): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const { job, index } = next;
          outcomes[index] = await runOn(child, job, (progress) => {
            onProgress(job, progress);
          });
          // Once interrupted, nothing new is begun.
          if (outcomes[index].reason === 'aborted') waiting.length = 0;
          onEnd(job);
        }
      };
      await Promise.all(children.map(serve));
      return outcomes;
    },
    abort: () => {
      for (const child of children) child.send({ type: 'abort' } satisfies ToProcess);
    },
    close: () => {
      for (const child of children) child.disconnect();
    },
  };
}

function runOn(child: ChildProcess, job: Job, onProgress: (progress: JobProgress) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      child.off('message', onMessage).off('exit', onExit);
      finish();
    };
    const onMessage = (message: FromProcess): void => {
      if (message.type === 'progress') onProgress(message.progress);
      else if (message.type === 'outcome')
        settle(() => {
          resolve(message.outcome);
        });
      else
        settle(() => {
          reject(new Error(`${job.name}: ${message.message}`));
        });
    };
    const onExit = (code: number | null): void => {
      settle(() => {
        reject(new Error(`${job.name}: its process ended with code ${String(code)}`));
      });
    };
    child.on('message', onMessage).on('exit', onExit);
    child.send({ type: 'job', job } satisfies ToProcess);
  });
}
