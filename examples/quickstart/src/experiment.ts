import type { Job } from './jobs.js';
import { studentJobs, teacherJob } from './jobs.js';
import type { Options } from './options.js';
import type { Progress, WorkOf } from './progress.js';
import type { ProcessPool } from './process-pool.js';
import type { Outcome } from './run-job.js';
import { workOf } from './work.js';

/** A job with what it has come to. */
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

/** The models at hand when the training was interrupted. */
export interface InterruptedExperiment {
  readonly interrupted: readonly Trained[];
}

/** Trains two teachers and the students without them, then the students that learn from each teacher. */
export async function runExperiment(
  options: Options,
  backend: Job['backend'],
  pool: ProcessPool,
  drawProgress: (total: number, workOf: WorkOf) => Progress,
): Promise<Experiment | InterruptedExperiment> {
  const shared = { transferSize: options.transferSize, backend };
  const teachers = [
    teacherJob('teaching', shared, options),
    teacherJob('transfer', shared, options),
  ] as const;
  const alone = studentJobs('student alone', shared, options);
  const students = (weights: readonly Outcome['weights'][]): { fromFirst: Job[]; fromSecond: Job[] } => {
    const from = (which: 0 | 1): { job: Job; weights: Outcome['weights'] } => ({
      job: teachers[which],
      weights: weights[which] ?? [],
    });
    return {
      fromFirst: studentJobs('distilled student', shared, options, from(0)),
      fromSecond: studentJobs('distilled student of teacher 2', shared, options, from(1)),
    };
  };
  const planned = students([[], []]);
  const all = [...teachers, ...alone, ...planned.fromFirst, ...planned.fromSecond];
  const progress = drawProgress(
    all.reduce((sum, job) => sum + workOf(job), 0),
    workOf,
  );
  const runAll = async (jobs: readonly Job[]): Promise<Trained[]> => {
    const outcomes = await pool.run(jobs, progress.update, progress.end);
    return jobs.flatMap((job, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : [{ job, outcome }];
    });
  };
  try {
    const first = await runAll([...teachers, ...alone]);
    if (isInterrupted(first)) return { interrupted: stoppedOf(first) };
    const { fromFirst, fromSecond } = students(first.slice(0, 2).map(({ outcome }) => outcome.weights));
    const second = await runAll([...fromFirst, ...fromSecond]);
    if (isInterrupted(second)) return { interrupted: stoppedOf(second) };
    const [teacher, teacherOnTransferSet] = first as [Trained, Trained];
    return {
      teacher,
      teacherOnTransferSet,
      alone: first.slice(2),
      distilled: second.slice(0, fromFirst.length),
      distilledFromTransferSet: second.slice(fromFirst.length),
    };
  } finally {
    progress.stop();
  }
}

function stoppedOf(trained: readonly Trained[]): Trained[] {
  return trained.filter(({ outcome }) => outcome.reason === 'aborted');
}

function isInterrupted(trained: readonly Trained[]): boolean {
  return stoppedOf(trained).length > 0;
}
