import process from 'node:process';
import { selectBackend } from '@kd/backend/node';
import { textOf } from './error-text.js';
import type { FromProcess, JobProgress, ToProcess } from './messages.js';
import type { JobOutcome, PoolJob } from './process-pool.js';

/** Runs one job and reports its progress. */
export type RunJob<Job, Outcome> = (
  job: Job,
  signal: AbortSignal,
  onProgress: (progress: JobProgress) => void,
) => Promise<Outcome>;

/**
 * Makes this process part of a pool: it runs the jobs it receives, one after the other, each on its backend.
 */
export function serveJobs<Job extends PoolJob, Outcome extends JobOutcome>(
  runJob: RunJob<Job, Outcome>,
): void {
  const controller = new AbortController();
  const send = (message: FromProcess<Outcome>): void => {
    // With a callback, a parent that has ended causes no error; `disconnect` ends this process.
    process.send?.(message, undefined, undefined, () => undefined);
  };
  // Ctrl-C reaches every process of a terminal, and SIGTERM every process of a service; this one waits for
  // its parent's message.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', (message: ToProcess<Job>) => {
    if (message.type === 'abort') {
      controller.abort();
      return;
    }
    const { job } = message;
    const run = async (): Promise<void> => {
      await selectBackend({ require: job.backend, threads: Number(process.argv[2]) });
      const outcome = await runJob(job, controller.signal, (progress) => {
        send({ type: 'progress', progress });
      });
      send({ type: 'outcome', outcome });
    };
    run().catch((error: unknown) => {
      send({ type: 'failure', message: textOf(error) });
    });
  });
}
