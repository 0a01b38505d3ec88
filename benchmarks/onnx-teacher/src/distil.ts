import process from 'node:process';
import { removeCheckpoints } from '@kd-benchmarks/experiment';
import type { ExperimentTools } from '@kd-benchmarks/experiment';
import { seedsOf, trainInPhases } from '@kd-benchmarks/experiment/perceptrons';
import { examineTeacher } from './examine-teacher.js';
import { phasesOf } from './job.js';
import type { Job, Outcome } from './job.js';
import { report } from './report.js';
import type { Settings } from './settings.js';

/** Examines an ONNX file as a teacher, trains students with and without it, and reports. */
export async function distil(
  file: string,
  settings: Settings,
  options: { readonly seeds: number; readonly out: string },
  { backend, pool, seconds }: Omit<ExperimentTools<Job, Outcome>, 'signal'>,
): Promise<void> {
  const teacher = await examineTeacher(file);
  const teacherSeconds = seconds();
  const seeds = seedsOf(options);
  const phases = phasesOf(settings, seeds, file, { backend, out: options.out });
  const trained = await trainInPhases(phases, pool);
  if (trained === undefined) {
    process.exitCode = 130;
    return;
  }
  const run = { backend, teacherSeconds, seconds: seconds() };
  await report(teacher, trained, settings, seeds, options.out, run);
  await removeCheckpoints(options.out);
}
