import process from 'node:process';
import { removeCheckpoints } from '@kd-benchmarks/experiment';
import type { ExperimentTools } from '@kd-benchmarks/experiment';
import { studentJob, teacherJob } from './arm.js';
import { depthPlan, guidedLayerOf } from './depth-plan.js';
import { depthReport } from './depth-report.js';
import type { Job, Outcome } from './job.js';
import { depthArmsOf } from './settings.js';
import type { Settings } from './settings.js';
import { trainAll } from './train-all.js';

/** The options of the depth study in addition to its settings. */
export interface DepthOptions {
  readonly seeds: number;
  readonly out: string;
  /** Overrides the settings. */
  readonly depths?: readonly number[];
  /** Scale the first weights to each layer, instead of the paper's small ones. */
  readonly scaled?: boolean;
}

/** Trains a teacher and students of growing depth and equal cost in three ways, and reports. */
export async function compareDepths(
  { teacherPlan, validation, teaching, transfer, teacher, depth: study }: Settings,
  options: DepthOptions,
  { backend, pool, seconds }: Omit<ExperimentTools<Job, Outcome>, 'signal'>,
): Promise<void> {
  const shared = { backend, out: options.out };
  const seeds = Array.from({ length: options.seeds }, (_, index) => index + 1);
  const uniform = options.scaled === true ? {} : { uniform: study.uniform };
  const students = (options.depths ?? study.depths).flatMap((depth) => {
    const plan = depthPlan({ depth, budget: study.budget });
    return depthArmsOf(guidedLayerOf(plan), study).flatMap((arm) =>
      seeds.map((seed) => {
        const name = `student of ${String(depth)} layers by ${arm.name}, seed ${String(seed)}`;
        return { arm, plan, seed, name, ...uniform };
      }),
    );
  });
  const models = await trainAll(
    teacherJob(teacherPlan, { validation, learning: teaching }, teacher, shared),
    (taught) =>
      students.map((student) => studentJob(student, { validation, learning: transfer }, taught, shared)),
    pool,
  );
  if (models === undefined) {
    process.exitCode = 130;
    return;
  }
  const trained = models.students.map(({ job: { plan }, outcome: { testErrors } }, index) => ({
    arm: students[index]?.arm.name ?? '',
    plan,
    testErrors,
  }));
  const title = `Students of ${(study.budget / 1e6).toFixed(1)} million multiplications`;
  await depthReport(trained, title, options.out, {
    teacherErrors: models.teacher.outcome.testErrors,
    firstWeights: options.scaled === true ? 'scaled' : `uniform in ±${String(study.uniform)}`,
    backend,
    seconds: seconds(),
  });
  await removeCheckpoints(options.out);
}
