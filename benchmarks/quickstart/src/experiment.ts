import { join } from 'node:path';
import { drawProgress, shownModels } from '@kd-benchmarks/experiment';
import type { ProcessPool, ShownModel } from '@kd-benchmarks/experiment';
import type { Job } from './jobs.js';
import { studentJobs, teacherJob } from './jobs.js';
import type { Options } from './options.js';
import type { Outcome } from './run-job.js';
import { workOf } from './work.js';

/** A job and its outcome. */
export interface Trained {
  readonly job: Job;
  readonly outcome: Outcome;
}

/** All models of the table. */
export interface Experiment {
  readonly teacher: Trained;
  readonly teacherOnTransferSet: Trained;
  readonly alone: readonly Trained[];
  readonly distilled: readonly Trained[];
  readonly distilledFromTransferSet: readonly Trained[];
  readonly interrupted?: undefined;
}

/** The models of an interrupted run, finished or not. */
export interface InterruptedExperiment {
  readonly interrupted: readonly Trained[];
}

/** Trains two teachers and the students without a teacher, then the students that learn from each teacher. */
export async function trainAll(
  options: Options,
  backend: Job['backend'],
  pool: ProcessPool<Job, Outcome>,
): Promise<Experiment | InterruptedExperiment> {
  const shared = { transferSize: options.transferSize, backend };
  const onPage = (name: ShownModel, [first, ...others]: readonly Job[]): Job[] =>
    first === undefined
      ? []
      : [{ ...first, events: join(options.out, `${shownModels[name]}.jsonl`) }, ...others];
  const teachers = onPage('teacher', [
    teacherJob('teaching', shared, options),
    teacherJob('transfer', shared, options),
  ]);
  const alone = onPage('alone', studentJobs('student alone', shared, options));
  const studentsOf = (names: readonly string[], weights: readonly Outcome['weights'][]): Job[] =>
    teachers.flatMap((job, index) =>
      studentJobs(names[index] ?? '', shared, options, { job, weights: weights[index] ?? [] }),
    );
  const names = ['distilled student', 'distilled student of teacher 2'];
  const planned = [...teachers, ...alone, ...studentsOf(names, [])];
  const progress = drawProgress(planned, workOf);
  const run = async (jobs: readonly Job[]): Promise<Trained[]> => {
    const outcomes = await pool.run(jobs, progress.update, progress.end);
    return jobs.flatMap((job, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [{ job, outcome }];
    });
  };
  try {
    const first = await run([...teachers, ...alone]);
    if (isInterrupted(first)) return { interrupted: first };
    const [teacher, teacherOnTransferSet, ...aloneTrained] = first as [Trained, Trained, ...Trained[]];
    const weights = [teacher.outcome.weights, teacherOnTransferSet.outcome.weights];
    const second = await run(onPage('distilled', studentsOf(names, weights)));
    if (isInterrupted(second)) return { interrupted: [...first, ...second] };
    return {
      teacher,
      teacherOnTransferSet,
      alone: aloneTrained,
      distilled: second.slice(0, options.seeds),
      distilledFromTransferSet: second.slice(options.seeds),
    };
  } finally {
    progress.stop();
  }
}

function isInterrupted(trained: readonly Trained[]): boolean {
  return trained.some(({ outcome }) => outcome.reason === 'aborted');
}
