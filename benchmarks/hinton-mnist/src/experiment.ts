import { access } from 'node:fs/promises';
import { runMissing } from '@kd-benchmarks/experiment/parts';
import type { PartTools } from '@kd-benchmarks/experiment/parts';
import { armsOf } from './arms.js';
import type { Arm } from './arms.js';
import type { Job, Result, Training } from './job.js';
import { best, searchedArms, searchedFor, student, studentTrials, teacher, teacherTrials } from './plan.js';
import type { Surroundings, Trial } from './plan.js';

/** What has been run. */
export interface Finished {
  readonly teacherTrials: readonly Tried<number>[];
  /** By the name of the arm. */
  readonly studentTrials: ReadonlyMap<string, readonly Tried<Training>[]>;
  readonly teachers: readonly Result[];
  /** By the name of the arm, one for each seed. */
  readonly students: ReadonlyMap<string, readonly Result[]>;
}

/** A setting and what it gave. */
export interface Tried<Setting> {
  readonly setting: Setting;
  readonly result: Result;
}

type Tools = PartTools<Job, Result>;

/** Runs what is missing: trials, then teachers, then students. Undefined if Ctrl-C came first. */
export async function runAll(
  surroundings: Surroundings,
  seeds: readonly number[],
  tools: Tools,
): Promise<Finished | undefined> {
  const teachers = await tryOut(teacherTrials(surroundings), tools);
  if (teachers === undefined) return undefined;
  const { setting: dropout, job: tried } = teachers.best;
  const searched = searchedArms(surroundings.settings);
  const trialsOf = new Map(searched.map((arm) => [arm.name, studentTrials(surroundings, arm, tried)]));
  // All trials together keep all processes busy; only then the best of each arm is looked for.
  const jobs = [...trialsOf.values()].flat().map(({ job }) => job);
  if ((await runWithTeachers(jobs, [tried], tools)) === undefined) return undefined;
  const settings = new Map<string, Awaited<ReturnType<typeof tryOut<Training>>>>();
  for (const [name, trials] of trialsOf) settings.set(name, await tryOut(trials, tools));
  const taught = seeds.map((seed) => teacher(surroundings, dropout, seed));
  const teacherResults = await runMissing(taught, tools);
  if (teacherResults === undefined) return undefined;
  const students = new Map<string, readonly Result[]>();
  const arms = armsOf(surroundings.settings);
  const jobsOf = (arm: Arm): Job[] => {
    const training = settings.get(searchedFor(arm, surroundings.settings).name)?.best.setting as Training;
    return taught.map((each, index) =>
      student(surroundings, arm, { training, taught: each, seed: seeds[index] as number }),
    );
  };
  if ((await runWithTeachers(arms.flatMap(jobsOf), taught, tools)) === undefined) return undefined;
  for (const arm of arms) students.set(arm.name, (await runMissing(jobsOf(arm), tools)) ?? []);
  return {
    teacherTrials: teachers.tried,
    studentTrials: new Map([...settings].map(([name, outcome]) => [name, outcome?.tried ?? []])),
    teachers: teacherResults,
    students,
  };
}

async function tryOut<Setting>(
  trials: readonly Trial<Setting>[],
  tools: Tools,
): Promise<{ readonly best: Trial<Setting>; readonly tried: Tried<Setting>[] } | undefined> {
  const results = await runMissing(
    trials.map(({ job }) => job),
    tools,
  );
  if (results === undefined) return undefined;
  const tried = trials.map(({ setting }, index) => ({ setting, result: results[index] as Result }));
  return { best: best(trials, results), tried };
}

/**
 * Runs students. Results are kept in the repository, but the teachers' weights are not: a teacher whose
 * weights are missing while a student still needs them is trained again.
 */
async function runWithTeachers(
  students: readonly Job[],
  teachers: readonly Job[],
  tools: Tools,
): Promise<readonly Result[] | undefined> {
  const kept = await Promise.all(students.map(({ name }) => tools.parts.read(name)));
  const needed = students.filter((_, index) => kept[index] === undefined);
  const files = needed.flatMap(({ lesson }) => lesson?.teacher.file ?? []);
  const lost: Job[] = [];
  for (const job of teachers)
    if (files.includes(job.weights ?? '') && !(await exists(job.weights ?? ''))) lost.push(job);
  if (lost.length > 0) {
    console.log(`Training again, as their weights are gone: ${lost.map(({ name }) => name).join('; ')}.`);
    for (const { name } of lost) await tools.parts.remove(name);
    if ((await runMissing(lost, tools)) === undefined) return undefined;
  }
  return runMissing(students, tools);
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
