import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { idlePool, keptParts } from '@kd-benchmarks/experiment/parts';
import type { KeptParts } from '@kd-benchmarks/experiment/parts';
import { expect, it } from 'vitest';
import { runAll } from './experiment.js';
import { isOf } from './job.js';
import type { Job, Outcome, Result } from './job.js';
import { tablesOf } from './report.js';
import { full } from './settings.js';

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
    ...keptParts<Result>('test', place('results/parts')),
    save: () => Promise.reject(new Error('a test keeps no result')),
  };
  const tools = { parts, pool: idlePool<Job, Outcome>(), workOf: () => 1, isOf };
  const surroundings = { settings: full, backend: 'tensorflow', out: 'nowhere' } as const;
  const finished = await runAll(surroundings, [1, 2, 3], tools);
  const readme = readFileSync(place('README.md'), 'utf8');
  if (finished?.complete !== true) expect(readme).toContain('under way');
  if (finished === undefined) return;
  const shown = cellsOf(readme);
  for (const table of await tablesOf(finished, full))
    expect(shown).toEqual(expect.arrayContaining(cellsOf(table)));
});
