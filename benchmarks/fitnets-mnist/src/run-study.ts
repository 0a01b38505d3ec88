import { bestOf, isThere, runMissing, runWithTeachers, tryOut } from '@kd-benchmarks/experiment/parts';
import type { PartTools, Tried } from '@kd-benchmarks/experiment/parts';
import { sealOf } from './answers.js';
import type { Job, Result } from './job.js';
import { atRate, studentJob, teacherJob, trialsOf } from './jobs.js';
import type { Surroundings } from './jobs.js';
import type { Study, Trained } from './studies/index.js';

/** What has been run. */
export interface Finished {
  /** Whether nothing is missing. */
  readonly complete: boolean;
  readonly teacher: Result;
  /** By kind of student; empty without trials. */
  readonly trials: readonly (readonly Tried<Job, number, Result>[])[];
  readonly students: readonly Trained[];
}

type Tools = PartTools<Job, Result>;

/**
 * Runs what is missing: the teacher and trials, then students.
 *
 * @returns what there is; undefined if Ctrl-C came before the last trial
 */
export async function runStudy(
  study: Study,
  seeds: readonly number[],
  surroundings: Surroundings,
  tools: Tools,
): Promise<Finished | undefined> {
  const teacher = teacherJob(study.teacher, surroundings);
  const { kinds } = study;
  const run = (jobs: readonly Job[]) => runAfter(teacher, jobs, tools);
  const trials = await tryOut(
    kinds.map((kind) => trialsOf(study, kind, surroundings)),
    run,
  );
  if (trials === undefined) return undefined;
  const chosen = kinds.map((kind, index) => {
    const best = bestOf(trials[index]);
    return best === undefined ? kind : atRate(kind, best.setting);
  });
  const jobs = chosen.map((kind) => seeds.map((seed) => studentJob(study, kind, seed, surroundings)));
  const results = await run(jobs.flat());
  const taught = await tools.parts.read(teacher.name);
  if (taught === undefined) return undefined;
  return {
    complete: results.every(isThere),
    teacher: taught,
    trials: trials.filter((tried) => tried.length > 0),
    students: chosen.map((kind, index) => ({
      kind,
      results: results.slice(index * seeds.length, (index + 1) * seeds.length).filter(isThere),
    })),
  };
}

/** Trains the teacher beside the students that learn from labels alone, then the others. */
async function runAfter(teacher: Job, jobs: readonly Job[], tools: Tools): Promise<(Result | undefined)[]> {
  const alone = jobs.filter((job) => job.teacher === undefined);
  const first = await runMissing([teacher, ...alone], tools);
  if (!first.every(isThere)) return Promise.all(jobs.map(({ name }) => tools.parts.read(name)));
  return runWithTeachers(jobs, [teacher], tools, {
    leaves: ({ answers }) => answers && sealOf(answers),
    needs: (job) => job.teacher && sealOf(job.teacher),
  });
}
