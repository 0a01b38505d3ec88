import { KdError } from '@kd/core';
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
  /** Whether a result that is kept is that of a job as it would be run today. */
  readonly isOf: (result: Result, job: Job) => boolean;
}

/**
 * Runs the jobs whose results are not kept yet, and keeps the result of each as soon as it ends.
 *
 * @returns the results of all jobs in their order; undefined for those that Ctrl-C prevented
 * @throws `KD_FILE_READ` if a result is that of other settings
 */
export async function runMissing<Job extends PoolJob, Result>(
  jobs: readonly Job[],
  tools: PartTools<Job, Result>,
): Promise<(Result | undefined)[]> {
  const readAll = () => Promise.all(jobs.map(({ name }) => tools.parts.read(name)));
  const kept = await readAll();
  for (const [index, job] of jobs.entries()) checkSettings(job, kept[index], tools);
  const missing = jobs.filter((_, index) => kept[index] === undefined);
  if (missing.length > 0) await runParts(missing, tools);
  return readAll();
}

function checkSettings<Job extends PoolJob, Result>(
  job: Job,
  result: Result | undefined,
  { parts, isOf }: PartTools<Job, Result>,
): void {
  if (result === undefined || isOf(result, job)) return;
  throw new KdError({
    code: 'KD_FILE_READ',
    where: 'runMissing',
    argument: JSON.stringify(parts.fileOf(job.name)),
    expected: 'a result of the settings of today',
    received: 'a result of other settings',
    remedy: 'Delete the file to run the part again, or undo the change of the settings.',
  });
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
