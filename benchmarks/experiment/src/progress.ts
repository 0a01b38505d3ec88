import process from 'node:process';
import { Presets, SingleBar } from 'cli-progress';
import type { JobProgress } from './messages.js';
import type { PoolJob } from './process-pool.js';

/** A bar over all trainings with the remaining time; without a terminal, a line for each training. */
export interface Progress<Job> {
  readonly update: (job: Job, progress: JobProgress) => void;
  /** Reports that a training ended, whether or not it used all its epochs. */
  readonly end: (job: Job) => void;
  readonly stop: () => void;
}

/** The work of a training, up to a constant factor, by which the bar advances. */
export type WorkOf<Job> = (job: Job) => number;

/** Draws the progress through the work of all jobs. */
export function drawProgress<Job extends PoolJob>(jobs: readonly Job[], workOf: WorkOf<Job>): Progress<Job> {
  const bar = new SingleBar(
    { format: '{bar} {percentage} % | {eta_formatted} left | {running}', etaBuffer: 500, hideCursor: true },
    Presets.shades_classic,
  );
  const running = new Map<string, string>();
  const done = new Map<string, number>();
  const draw = (): void => {
    const sum = [...done.values()].reduce((a, b) => a + b, 0);
    bar.update(sum, { running: [...running.values()].join(' | ') });
  };
  bar.start(
    jobs.reduce((sum, job) => sum + workOf(job), 0),
    0,
    { running: '' },
  );
  return {
    update: (job, { share, epoch, loss }) => {
      if (!running.has(job.name) && !process.stderr.isTTY) console.log(`Training the ${job.name} ...`);
      running.set(job.name, `${job.name}: epoch ${String(epoch + 1)}, loss ${loss.toFixed(3)}`);
      done.set(job.name, share * workOf(job));
      draw();
    },
    end: (job) => {
      running.delete(job.name);
      done.set(job.name, workOf(job));
      draw();
    },
    stop: () => {
      bar.stop();
    },
  };
}
