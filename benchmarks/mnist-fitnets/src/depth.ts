// Trains students of growing depth that all cost the same, in three ways, and shows which way still trains which depth.
import process from 'node:process';
import { removeCheckpoints, runExperiment, wholeList } from '@kd-benchmarks/experiment';
import { studentJob, teacherJob } from './arm.js';
import { depthPlan, guidedLayerOf } from './depth-plan.js';
import { depthReport } from './depth-report.js';
import type { Job, Outcome } from './job.js';
import { fitnetsCommand, settingsOf } from './options.js';
import type { Options } from './options.js';
import { depthArmsOf } from './settings.js';
import { trainAll } from './train-all.js';

/** What the command line says. */
interface DepthOptions extends Options {
  readonly depths?: readonly number[];
  /** First weights scaled to each layer in place of the small ones of the paper. */
  readonly scaled?: boolean;
}

const options = fitnetsCommand(
  'mnist-fitnets-depth',
  'Trains students of growing depth at the same cost by backprop, by KD, and with hints, then KD.',
)
  .option('--depths <list>', 'convolutional layers of the students', wholeList(3, 99))
  .option('--scaled', 'first weights scaled to each layer in place of the small ones of the paper')
  .parse(process.argv)
  .opts<DepthOptions>();
const { teacherPlan, validation, teaching, transfer, teacher, depth: study } = settingsOf(options);
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C ends the training; the same command goes on where it was.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, async ({ backend, pool, seconds }) => {
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
});
