// Trains a deep, thin student in four ways, and shows what each comes to.
import process from 'node:process';
import { removeCheckpoints, runExperiment } from '@kd-benchmarks/experiment';
import { studentJob, teacherJob } from './arm.js';
import type { Job, Outcome } from './job.js';
import { fitnetsCommand, settingsOf } from './options.js';
import type { Options } from './options.js';
import { report } from './report.js';
import { trainAll } from './train-all.js';

const options = fitnetsCommand(
  'mnist-fitnets',
  'Trains a deep, thin student on MNIST by backprop, by KD, with hints and KD at once, and with hints, then KD.',
)
  .parse(process.argv)
  .opts<Options>();
const settings = settingsOf(options);
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C ends the training; the same command goes on where it was.';

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, async ({ backend, pool, seconds }) => {
  const { teacherPlan, studentPlan, validation, teaching, transfer, arms } = settings;
  const shared = { backend, out: options.out };
  const seeds = Array.from({ length: options.seeds }, (_, index) => index + 1);
  const students = arms.flatMap((arm) =>
    seeds.map((seed) => ({
      arm,
      plan: studentPlan,
      seed,
      name: `student by ${arm.name}, seed ${String(seed)}`,
    })),
  );
  const models = await trainAll(
    teacherJob(teacherPlan, { validation, learning: teaching }, settings.teacher, shared),
    (teacher) =>
      students.map((student) => studentJob(student, { validation, learning: transfer }, teacher, shared)),
    pool,
  );
  if (models === undefined) {
    process.exitCode = 130;
    return;
  }
  await report(models, settings, options.out, { backend, seconds: seconds() });
  await removeCheckpoints(options.out);
});
