import { bestOf, isThere, runMissing, runWithTeachers, tryOut } from '@kd-benchmarks/experiment/parts';
import type { PartTools, Tried } from '@kd-benchmarks/experiment/parts';
import { armsOf } from './arms.js';
import type { Arm } from './arms.js';
import type { Job, Result, Training } from './job.js';
import { student } from './student-jobs.js';
import {
  firstTrainings,
  longerTrainings,
  searchedArms,
  searchedFor,
  studentTrials,
} from './student-trials.js';
import type { Surroundings } from './surroundings.js';
import { teacher, teacherTrials, weakerTeacher } from './teacher-jobs.js';

/** What has been run. */
export interface Finished {
  /** Whether nothing is missing. */
  readonly complete: boolean;
  /** By the number of epochs. */
  readonly teacherTrials: ReadonlyMap<number, readonly Tried<Job, number, Result>[]>;
  /** By the name of the arm. */
  readonly studentTrials: ReadonlyMap<string, readonly Tried<Job, Training, Result>[]>;
  readonly teachers: readonly Result[];
  /** Those that learn less, by their epochs. */
  readonly weakerTeachers: ReadonlyMap<number, readonly Result[]>;
  /** By the name of the arm, one for each seed unless Ctrl-C came first. */
  readonly students: ReadonlyMap<string, readonly Result[]>;
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
  const tries = settings.teacher.trials;
  const teachers = await tryOut(
    tries.map((each) => teacherTrials(surroundings, each)),
    (jobs) => runMissing(jobs, tools),
  );
  // The trials of students have the teacher of fewer epochs.
  const { job: tried } = bestOf(teachers?.[0]) ?? {};
  const { setting: dropout } = bestOf(teachers?.[1]) ?? {};
  if (teachers === undefined || dropout === undefined || tried === undefined) return undefined;

  const runTrials = (jobs: readonly Job[]) => run(jobs, [tried], tools);
  const searched = searchedArms(settings);
  const first = await tryOut(
    searched.map((arm) =>
      studentTrials(surroundings, arm, { trainings: firstTrainings(settings), taught: tried }),
    ),
    runTrials,
  );
  if (first === undefined) return undefined;
  const longer = await tryOut(
    searched.map((arm, index) => {
      const best = bestOf(first[index])?.setting as Training;
      return studentTrials(surroundings, arm, { trainings: longerTrainings(settings, best), taught: tried });
    }),
    runTrials,
  );
  if (longer === undefined) return undefined;
  const trials = new Map(
    searched.map(({ name }, index) => [name, [...(first[index] ?? []), ...(longer[index] ?? [])]]),
  );

  const usual = seeds.map((seed) => teacher(surroundings, dropout, seed));
  const weaker = settings.teacher.fewerEpochs.map(
    (epochs) =>
      [epochs, seeds.map((seed) => weakerTeacher(surroundings, epochs, { dropout, seed }))] as const,
  );
  const teachersOf = ({ teacherEpochs }: Arm): readonly Job[] =>
    weaker.find(([epochs]) => epochs === teacherEpochs)?.[1] ?? usual;
  const arms = armsOf(settings);
  const jobs = arms.map((arm) => {
    const ofArm = bestOf(trials.get(searchedFor(arm, settings).name))?.setting as Training;
    return teachersOf(arm).map((each) =>
      student(surroundings, arm, { training: ofArm, taught: each, seed: each.seed }),
    );
  });
  // Students of labels need no teacher, so they keep all processes busy until the last teacher is done.
  const untaught = jobs.flat().filter(({ lesson }) => lesson === undefined);
  const allTeachers = [...usual, ...weaker.flatMap(([, ofEpochs]) => ofEpochs)];
  const together = await runMissing([...allTeachers, ...untaught], tools);
  const teacherResults = together.slice(0, allTeachers.length);
  const all = teacherResults.every(isThere);
  const students = await run(all ? jobs.flat() : [], allTeachers, tools);
  const resultsOf = (index: number): Result[] =>
    students.slice(index * seeds.length, (index + 1) * seeds.length).filter(isThere);
  return {
    complete: all && students.every(isThere),
    teacherTrials: new Map(tries.map(({ training }, index) => [training.epochs, teachers[index] ?? []])),
    studentTrials: trials,
    teachers: teacherResults.slice(0, seeds.length).filter(isThere),
    weakerTeachers: new Map(
      weaker.map(([epochs], index) => {
        const from = (index + 1) * seeds.length;
        return [epochs, teacherResults.slice(from, from + seeds.length).filter(isThere)];
      }),
    ),
    students: new Map(arms.map(({ name }, index) => [name, resultsOf(index)])),
  };
}

function run(
  students: readonly Job[],
  teachers: readonly Job[],
  tools: Tools,
): Promise<(Result | undefined)[]> {
  return runWithTeachers(students, teachers, tools, {
    leaves: ({ weights }) => weights,
    needs: ({ lesson }) => lesson?.teacher.file,
  });
}
