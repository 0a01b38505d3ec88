// Runs a study of FitNets on MNIST (Romero et al. 2015, section 3.4), as far as it is missing.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@kd/backend/node';
import { printError, runExperiment } from '@kd-benchmarks/experiment';
import type { ProcessPool } from '@kd-benchmarks/experiment';
import { idlePool, keptParts } from '@kd-benchmarks/experiment/parts';
import { isOf } from './job.js';
import type { Job, Outcome, Result } from './job.js';
import { readOptions } from './options.js';
import { report, updateTables } from './report.js';
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
const readme = fileURLToPath(new URL('../README.md', import.meta.url));

const seeds = Array.from({ length: options.seeds ?? study.seeds }, (_, index) => index + 1);
const parts = keptParts<Result>('fitnets-mnist', `${folder}/parts`);
const runWith = (pool: ProcessPool<Job, Outcome>, backend: BackendName) =>
  runStudy(study, seeds, { backend, out }, { pool, parts, workOf, isOf });

// Only what is missing needs a backend. What is kept was trained on TensorFlow; others round differently.
try {
  const kept = await runWith(idlePool(), 'tensorflow');
  if (kept?.complete === true) await report(folder, study, kept);
  else runWhatIsMissing();
} catch (error) {
  printError(error);
}

function runWhatIsMissing(): void {
  const backend = options.backend ?? (size === 'small' ? undefined : 'tensorflow');
  const experiment = { ...options, ...(backend && { backend }), out, script, onCtrlC };
  runExperiment<Job, Outcome>(experiment, async (tools) => {
    const finished = await runWith(tools.pool, tools.backend);
    if (finished !== undefined) {
      await report(folder, study, finished);
      if (size === 'full') await updateTables(readme, study, finished);
    }
    if (finished?.complete !== true) process.exitCode = 130;
  });
}
