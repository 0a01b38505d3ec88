// Distils a language model of characters in several ways, as far as they are missing.
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@kd/backend/node';
import { printError, runExperiment } from '@kd-benchmarks/experiment';
import type { ProcessPool } from '@kd-benchmarks/experiment';
import { idlePool, keptParts, withTables } from '@kd-benchmarks/experiment/parts';
import { runAll } from './experiment.js';
import type { Finished } from './experiment.js';
import { isOf } from './job.js';
import type { Job, Outcome, Result } from './job.js';
import { readOptions } from './options.js';
import { full, small } from './settings.js';
import { tablesOf } from './tables.js';
import { workOf } from './work-of.js';

const options = readOptions(process.argv);
const { small: isSmall = false, seeds: count } = options;
const script = new URL('job-process.ts', import.meta.url);
const onCtrlC = 'Ctrl-C stops; run the same command again to train what is missing.';
const out = isSmall ? `${options.out}-small` : options.out;
// What takes hours is in the repository; a trial is not.
const folder = isSmall ? `${out}/results` : fileURLToPath(new URL('../results', import.meta.url));
const readme = fileURLToPath(new URL('../README.md', import.meta.url));

const settings = isSmall ? small : full;
const seeds = Array.from({ length: count }, (_, index) => index + 1);
const parts = keptParts<Result>('language-model', `${folder}/parts`);
const runWith = (pool: ProcessPool<Job, Outcome>, backend: BackendName) =>
  runAll({ settings, backend, out }, seeds, { pool, parts, workOf, isOf });
const show = (finished: Finished): void => {
  console.log(tablesOf(finished, settings).join('\n\n'));
};

// Only what is missing needs a backend. What is kept was trained on TensorFlow; others round differently.
try {
  const kept = await runWith(idlePool(), 'tensorflow');
  if (kept?.complete === true) show(kept);
  else runWhatIsMissing();
} catch (error) {
  printError(error);
}

function runWhatIsMissing(): void {
  const backend = options.backend ?? (isSmall ? undefined : 'tensorflow');
  const experiment = { ...options, ...(backend && { backend }), out, script, onCtrlC };
  runExperiment<Job, Outcome>(experiment, async (tools) => {
    const finished = await runWith(tools.pool, tools.backend);
    if (finished !== undefined) {
      show(finished);
      if (!isSmall)
        await writeFile(readme, withTables(await readFile(readme, 'utf8'), tablesOf(finished, settings)));
    }
    if (finished?.complete !== true) process.exitCode = 130;
  });
}
