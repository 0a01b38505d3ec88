import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { idlePool, keptParts } from '@kd-benchmarks/experiment/parts';
import type { KeptParts } from '@kd-benchmarks/experiment/parts';
import { expect, it } from 'vitest';
import { tablesOf } from './errors-table.js';
import { isOf } from './job.js';
import type { Result } from './job.js';
import { runStudy } from './run-study.js';
import { sectionOf } from './section.js';
import type { Finished } from './run-study.js';
import { studies } from './studies/index.js';
import type { Study } from './studies/index.js';

const results = fileURLToPath(new URL('../results', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The kept parts, which a test does not change. */
const kept: KeptParts<Result> = {
  ...keptParts<Result>('readme', `${results}/parts`),
  save: () => Promise.reject(new Error('a test keeps no result')),
};

/** The study with as many seeds as are kept; undefined if there are none. */
async function finished(study: Study, seeds: readonly number[] = []): Promise<Finished | undefined> {
  const more = [...seeds, seeds.length + 1];
  const surroundings = { backend: 'cpu', out: results } as const;
  const run = await runStudy(study, more, surroundings, {
    pool: idlePool(),
    parts: kept,
    workOf: () => 1,
    isOf,
  });
  return run && ((await finished(study, more)) ?? run);
}

/** The cells of each row of a table, whatever its alignment. */
const cellsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim().replace(/-{3,}/, '---')).join('|')); // prettier-ignore

it.each(Object.values(studies).map(({ full }) => [full.name, full] as const))(
  'shows the study %s as it is kept',
  async (name, study) => {
    const section = sectionOf(readme, study);
    const run = existsSync(`${results}/${name}.md`) ? await finished(study) : undefined;
    if (run === undefined) {
      expect(section).toContain('Not run yet.');
      expect(cellsOf(section)).toEqual([]);
    } else {
      expect(section).not.toContain('Not run yet.');
      expect(cellsOf(section)).toEqual(cellsOf(tablesOf(study, run)));
      expect(section).toContain(`(results/${name}.svg)`);
    }
  },
);
