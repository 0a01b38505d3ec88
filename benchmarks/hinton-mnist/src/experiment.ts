import { access } from 'node:fs/promises';
import { countOf, runMissing } from '@kd-benchmarks/experiment/parts';
import type { PartTools } from '@kd-benchmarks/experiment/parts';
import { armsOf } from './arms.js';
import type { Job, Result, Training } from './job.js';
import {
  firstTrainings,
  longerTrainings,
  searchedArms,
  searchedFor,
  student,
  studentTrials,
  teacher,
  teacherTrials,
} from './plan.js';
import type { Surroundings, Trial } from './plan.js';

/** What has been run. */
export interface Finished {
  /** Whether nothing is missing. */
  readonly complete: boolean;
  readonly teacherTrials: readonly Tried<number>[];
  /** By the name of the arm. */
  readonly studentTrials: ReadonlyMap<string, readonly Tried<Training>[]>;
  readonly teachers: readonly Result[];
  /** By the name of the arm, one for each seed unless Ctrl-C came first. */
  readonly students: ReadonlyMap<string, readonly Result[]>;
}

/** A trial and what it gave. */
export interface Tried<Setting> extends Trial<Setting> {
  readonly result: Result;
}

type Tools = PartTools<Job, Result>;

/**
 * Runs what is missing: trials, then teachers, then students.
 *
 * @returns what there is; undefined if Ctrl-C came before the last trial
 */
export async function runAll(
  surroundings: Surroundings,
  seeds: readonly number[],
  tools: Tools,
): Promise<Finished | undefined> {
  const { settings } = surroundings;
  const teachers = await tryOut([teacherTrials(surroundings)], [], tools);
  const { setting: dropout, job: tried } = bestOf(teachers?.[0]) ?? {};
  if (teachers === undefined || dropout === undefined || tried === undefined) return undefined;

  const searched = searchedArms(settings);
  const first = await tryOut(
    searched.map((arm) =>
      studentTrials(surroundings, arm, { trainings: firstTrainings(settings), taught: tried }),
    ),
    [tried],
    tools,
  );
  if (first === undefined) return undefined;
  const longer = await tryOut(
    searched.map((arm, index) => {
      const best = bestOf(first[index])?.setting as Training;
      return studentTrials(surroundings, arm, { trainings: longerTrainings(settings, best), taught: tried });
    }),
    [tried],
    tools,
  );
  if (longer === undefined) return undefined;
  const trials = new Map(
    searched.map(({ name }, index) => [name, [...(first[index] ?? []), ...(longer[index] ?? [])]]),
  );

  const taught = seeds.map((seed) => teacher(surroundings, dropout, seed));
  const teacherResults = await runMissing(taught, tools);
  const arms = armsOf(settings);
  const jobs = arms.map((arm) => {
    const training = bestOf(trials.get(searchedFor(arm, settings).name))?.setting as Training;
    return taught.map((each) => student(surroundings, arm, { training, taught: each, seed: each.seed }));
  });
  const all = teacherResults.every(isThere);
  const students = await runWithTeachers(all ? jobs.flat() : [], taught, tools);
  const resultsOf = (index: number): Result[] =>
    students.slice(index * seeds.length, (index + 1) * seeds.length).filter(isThere);
  return {
    complete: all && students.every(isThere),
    teacherTrials: teachers[0] ?? [],
    studentTrials: trials,
    teachers: teacherResults.filter(isThere),
    students: new Map(arms.map(({ name }, index) => [name, resultsOf(index)])),
  };
}

/** Tries settings in groups. All trials run together, which keeps all processes busy. */
async function tryOut<Setting>(
  groups: readonly (readonly Trial<Setting>[])[],
  teachers: readonly Job[],
  tools: Tools,
): Promise<Tried<Setting>[][] | undefined> {
  const jobs = groups.flat().map(({ job }) => job);
  const results = await runWithTeachers(jobs, teachers, tools);
  const all = results.filter(isThere);
  if (all.length < jobs.length) return undefined;
  return groups.map((trials) => trials.map((trial) => ({ ...trial, result: all.shift() as Result })));
}

/** The trial with the fewest errors, the first of equals. */
function bestOf<Setting>(tried: readonly Tried<Setting>[] = []): Tried<Setting> | undefined {
  const errors = tried.map(({ result }) => countOf(result.wrong));
  return tried[errors.indexOf(Math.min(...errors))];
}

/**
 * Runs students. Results are kept in the repository, but the teachers' weights are not: a teacher whose
 * weights are missing while a student still needs them is trained again.
 */
async function runWithTeachers(
  students: readonly Job[],
  teachers: readonly Job[],
  tools: Tools,
): Promise<(Result | undefined)[]> {
  const kept = await Promise.all(students.map(({ name }) => tools.parts.read(name)));
  const needed = students.filter((_, index) => kept[index] === undefined);
  const files = needed.flatMap(({ lesson }) => lesson?.teacher.file ?? []);
  const lost: Job[] = [];
  for (const job of teachers)
    if (files.includes(job.weights ?? '') && !(await exists(job.weights ?? ''))) lost.push(job);
  if (lost.length > 0) {
    console.log(`Training again, as their weights are gone: ${lost.map(({ name }) => name).join('; ')}.`);
    for (const { name } of lost) await tools.parts.remove(name);
    const again = await runMissing(lost, tools);
    if (!again.every(isThere)) return kept;
  }
  return runMissing(students, tools);
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
