import { isThere, leastOf, runMissing, runWithTeachers, tryOut } from '@kd-benchmarks/experiment/parts';
import type { PartTools, Tried } from '@kd-benchmarks/experiment/parts';
import { armsOf } from './arms.js';
import type { Arm } from './arms.js';
import type { Job, Result } from './job.js';
import { studentJob, teacherJob, trialsOf } from './jobs.js';
import type { Surroundings } from './jobs.js';

/** The students of a kind. */
export interface Trained {
  readonly arm: Arm;
  readonly tried: readonly Tried<Job, number, Result>[];
  /** One for each seed, unless Ctrl-C came first. */
  readonly results: readonly Result[];
}

/** What has been run. */
export interface Finished {
  /** Whether nothing is missing. */
  readonly complete: boolean;
  readonly teacher: Result;
  readonly students: readonly Trained[];
}

type Tools = PartTools<Job, Result>;

/**
 * Runs what is missing: the teacher, then trials, then students.
 *
 * @returns what there is; undefined if Ctrl-C came before the last trial
 */
export async function runAll(
  surroundings: Surroundings,
  seeds: readonly number[],
  tools: Tools,
): Promise<Finished | undefined> {
  const teacher = teacherJob(surroundings);
  const [taught] = await runMissing([teacher], tools);
  if (taught === undefined) return undefined;
  const run = (jobs: readonly Job[]) =>
    runWithTeachers(jobs, [teacher], tools, {
      leaves: ({ leaves }) => leaves?.weights,
      needs: (job) => job.teacher?.weights,
    });
  const arms = armsOf(surroundings.settings);
  const tried = await tryOut(
    arms.map((arm) => trialsOf(surroundings, arm)),
    run,
  );
  if (tried === undefined) return undefined;
  const jobs = arms.flatMap((arm, index) => {
    const rate = leastOf(tried[index], crossEntropyOf)?.setting ?? NaN;
    return seeds.map((seed) => studentJob(surroundings, arm, rate, seed));
  });
  const results = await run(jobs);
  return {
    complete: results.every(isThere),
    teacher: taught,
    students: arms.map((arm, index) => ({
      arm,
      tried: tried[index] ?? [],
      results: results.slice(index * seeds.length, (index + 1) * seeds.length).filter(isThere),
    })),
  };
}

/** What trials are judged by. */
export function crossEntropyOf({ crossEntropy }: Result): number {
  return crossEntropy;
}
