// Runs a study of FitNets on MNIST (Romero et al. 2015, section 3.4), as far as it is missing.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runExperiment } from '@kd-benchmarks/experiment';
import { keptParts } from '@kd-benchmarks/experiment/parts';
import type { Job, Outcome, Result } from './job.js';
import { readOptions } from './options.js';
import { report } from './report.js';
import { runStudy } from './run-study.js';
import { studies } from './studies/index.js';
import { workOf } from './work-of.js';

const options = readOptions(process.argv);
const size = options.small === true ? 'small' : 'full';
const study = studies[options.study][size];
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C stops; run the same command again to train what is missing.';
const out = size === 'small' ? `${options.out}-small` : options.out;
// What takes hours is in the repository; a trial is not.
const folder = size === 'small' ? `${out}/results` : fileURLToPath(new URL('../results', import.meta.url));

// What is kept was trained on TensorFlow; other backends round differently.
const backend = options.backend ?? (size === 'small' ? undefined : 'tensorflow');
const chosen = { ...options, ...(backend && { backend }), out, script, onCtrlC };

runExperiment<Job, Outcome>(chosen, async ({ backend, pool }) => {
  const seeds = Array.from({ length: options.seeds ?? study.seeds }, (_, index) => index + 1);
  const parts = keptParts<Result>('fitnets-mnist', `${folder}/parts`);
  const finished = await runStudy(study, seeds, { backend, out }, { pool, parts, workOf });
  if (finished !== undefined) await report(folder, study, finished);
  if (finished?.complete !== true) process.exitCode = 130;
});
