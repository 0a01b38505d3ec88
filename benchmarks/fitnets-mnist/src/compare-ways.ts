import process from 'node:process';
import { removeCheckpoints } from '@kd-benchmarks/experiment';
import type { ExperimentTools } from '@kd-benchmarks/experiment';
import { studentJob, teacherJob } from './arm.js';
import type { Job, Outcome } from './job.js';
import { report } from './report.js';
import type { Settings } from './settings.js';
import { trainAll } from './train-all.js';

/** Trains a teacher and the students of each way, one for each seed, and reports. */
export async function compareWays(
  settings: Settings,
  { seeds, out }: { readonly seeds: number; readonly out: string },
  { backend, pool, seconds }: Omit<ExperimentTools<Job, Outcome>, 'signal'>,
): Promise<void> {
  const { teacherPlan, studentPlan, validation, teaching, transfer, arms } = settings;
  const shared = { backend, out };
  const students = arms.flatMap((arm) =>
    Array.from({ length: seeds }, (_, index) => ({
      arm,
      plan: studentPlan,
      seed: index + 1,
      name: `student by ${arm.name}, seed ${String(index + 1)}`,
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
  await report(models, settings, out, { backend, seconds: seconds() });
  await removeCheckpoints(out);
}
