// Distils a teacher that was trained in scikit-learn and exported to ONNX into a tfjs student.
import process from 'node:process';
import { runExperiment } from '@kd-benchmarks/experiment';
import { onCtrlC } from '@kd-benchmarks/experiment/perceptrons';
import { distil } from './distil.js';
import type { Job, Outcome } from './job.js';
import { readOptions, settingsOf } from './options.js';
import { trainTeacher } from './train-teacher.js';

const options = readOptions(process.argv);
const script = new URL('job-process.ts', import.meta.url);

runExperiment<Job, Outcome>({ ...options, script, onCtrlC }, async (tools) => {
  const settings = settingsOf(options);
  const file = options.teacher ?? (await trainTeacher(settings, options.python, tools.signal));
  await distil(file, settings, options, tools);
});
