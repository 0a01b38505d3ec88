import { drawProgress } from '@kd-benchmarks/experiment';
import type { ProcessPool } from '@kd-benchmarks/experiment';
import type { Job, JobTeacher, Outcome } from './job.js';
import { net } from './models.js';
import { multiplicationsOf } from './multiplications.js';
import { stepsOf } from './progress-of.js';

/** A job and its outcome. */
export interface Trained {
  readonly job: Job;
  readonly outcome: Outcome;
}

/** A teacher, and the students in the order of their jobs, whether or not they learnt from it. */
export interface TrainedModels {
  readonly teacher: Trained;
  readonly students: readonly Trained[];
}

/**
 * Trains the teacher alongside the students that learn from labels alone, then the students that it teaches.
 *
 * @returns the models, or nothing if the training was interrupted: the checkpoints keep what was done, and
 *   the same call resumes from them
 */
export async function trainAll(
  teacher: Job,
  studentsOf: (teacher: Omit<JobTeacher, 'hints'>) => readonly Job[],
  pool: ProcessPool<Job, Outcome>,
): Promise<TrainedModels | undefined> {
  const planned = studentsOf({ plan: teacher.plan, weights: [] });
  const progress = drawProgress([teacher, ...planned], workOf);
  try {
    const alone = planned.filter((job) => job.teacher === undefined);
    const first = await trained([teacher, ...alone], pool, progress);
    const taughtBy = first?.[0];
    if (first === undefined || taughtBy === undefined) return undefined;
    const students = studentsOf({ plan: teacher.plan, weights: taughtBy.outcome.weights });
    const second = await trained(
      students.filter((job) => job.teacher !== undefined),
      pool,
      progress,
    );
    if (second === undefined) return undefined;
    const all = [...first, ...second];
    return {
      teacher: taughtBy,
      students: students.map(({ name }) => all.find(({ job }) => job.name === name) as Trained),
    };
  } finally {
    progress.stop();
  }
}

async function trained(
  jobs: readonly Job[],
  pool: ProcessPool<Job, Outcome>,
  { update, end }: ReturnType<typeof drawProgress<Job>>,
): Promise<Trained[] | undefined> {
  const outcomes = await pool.run(jobs, update, end);
  const all = jobs.flatMap((job, index) => {
    const outcome = outcomes[index];
    return outcome === undefined || outcome.reason === 'aborted' ? [] : [{ job, outcome }];
  });
  return all.length === jobs.length ? all : undefined;
}

/**
 * The cost of a training, up to a constant factor: backward is twice the forward. The constant in the sum is
 * the cost of the layers that do not multiply.
 */
function workOf(job: Job): number {
  const model = net(job.plan, { seed: 0 });
  const cost = multiplicationsOf(model) + 1_000_000;
  model.dispose();
  return cost * stepsOf(job).all * job.training.batchSize;
}
