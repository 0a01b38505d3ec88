// Distils a teacher that scikit-learn trained and ONNX carries into a student of tfjs.
import process from 'node:process';
import { removeCheckpoints, runExperiment } from '@kd-benchmarks/experiment';
import { onCtrlC, seedsOf, trainInPhases } from '@kd-benchmarks/experiment/perceptrons';
import { examineTeacher } from './examine-teacher.js';
import { phasesOf } from './job.js';
import type { Job, Outcome } from './job.js';
import { readOptions, settingsOf } from './options.js';
import { report } from './report.js';
import { trainTeacher } from './train-teacher.js';

const options = readOptions(process.argv);
const script = new URL('job-process.ts', import.meta.url);

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, async ({ backend, pool, signal, seconds }) => {
  const settings = settingsOf(options);
  const file = options.teacher ?? (await trainTeacher(settings, options.python, signal));
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
});
