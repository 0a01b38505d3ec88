import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keptParts } from '@kd-benchmarks/experiment/parts';
import type { KeptParts } from '@kd-benchmarks/experiment/parts';
import { loadDigits } from '@kd-datasets/mnist';
import { expect, it } from 'vitest';
import { runAll } from './experiment.js';
import type { Result } from './job.js';
import { full } from './settings.js';
import { tableOfResults } from './table-of-results.js';
import { tableOfTeachers } from './table-of-teachers.js';
import { tableOfTemperatures } from './table-of-temperatures.js';
import { tableOfTrials } from './table-of-trials.js';

const place = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** The cells of a table, whatever its alignment. */
const cellsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| *-/.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join('|'),
    );

it('shows what the kept parts say', async () => {
  const parts: KeptParts<Result> = {
    read: keptParts<Result>('test', place('results/parts')).read,
    save: () => Promise.reject(new Error('a test keeps no result')),
  };
  // Runs nothing, as after Ctrl-C.
  const pool = {
    run: (jobs: readonly unknown[]) => Promise.resolve(jobs.map(() => undefined)),
    abort: () => undefined,
    close: () => undefined,
  };
  const tools = { parts, pool, workOf: () => 1 };
  const surroundings = { settings: full, backend: 'tensorflow', out: 'nowhere' } as const;
  const finished = await runAll(surroundings, [1, 2, 3], tools);
  if (finished === undefined) throw new Error('trials are missing');
  const { labels } = await loadDigits('t10k');
  const shown = cellsOf(readFileSync(place('README.md'), 'utf8'));
  for (const table of [
    tableOfResults(finished, full, labels),
    tableOfTemperatures(finished, full),
    tableOfTeachers(finished, full),
    tableOfTrials(finished, full),
  ])
    expect(shown).toEqual(expect.arrayContaining(cellsOf(table)));
});
