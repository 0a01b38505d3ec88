import { drawProgress } from '../progress.js';
import type { WorkOf } from '../progress.js';
import type { JobOutcome, PoolJob, ProcessPool } from '../process-pool.js';
import type { KeptParts } from './kept-parts.js';

/** A part that has just been run. */
export interface PartOutcome<Result> extends JobOutcome {
  /** Absent if the part was interrupted. */
  readonly result?: Result;
}

/** What runs the parts and keeps their results. */
export interface PartTools<Job extends PoolJob, Result> {
  readonly pool: ProcessPool<Job, PartOutcome<Result>>;
  readonly parts: KeptParts<Result>;
  readonly workOf: WorkOf<Job>;
}

/**
 * Runs the jobs whose results are not kept yet, and keeps the result of each as soon as it ends.
 *
 * @returns the results of all jobs in their order; undefined for those that Ctrl-C prevented
 */
export async function runMissing<Job extends PoolJob, Result>(
  jobs: readonly Job[],
  tools: PartTools<Job, Result>,
): Promise<(Result | undefined)[]> {
  const readAll = () => Promise.all(jobs.map(({ name }) => tools.parts.read(name)));
  const kept = await readAll();
  const missing = jobs.filter((_, index) => kept[index] === undefined);
  if (missing.length > 0) await runParts(missing, tools);
  return readAll();
}

/**
 * Runs jobs, whether or not they have results, and keeps the result of each as soon as it ends.
 *
 * @returns whether all have ended
 */
export async function runParts<Job extends PoolJob, Result>(
  jobs: readonly Job[],
  { pool, parts, workOf }: PartTools<Job, Result>,
): Promise<boolean> {
  const { update, end, stop } = drawProgress(jobs, workOf);
  const saved: Promise<void>[] = [];
  try {
    await pool.run(jobs, update, (job, { result }) => {
      end(job);
      if (result !== undefined) saved.push(parts.save(job.name, result));
    });
  } finally {
    stop();
    await Promise.all(saved);
  }
  return saved.length === jobs.length;
}

/** Whether a part has a result. */
export function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
