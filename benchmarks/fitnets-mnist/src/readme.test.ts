import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keptParts } from '@kd-benchmarks/experiment/parts';
import type { KeptParts } from '@kd-benchmarks/experiment/parts';
import { expect, it } from 'vitest';
import { tablesOf } from './errors-table.js';
import type { Result } from './job.js';
import { runStudy } from './run-study.js';
import type { Finished } from './run-study.js';
import { studies } from './studies/index.js';
import type { Study } from './studies/index.js';

const results = fileURLToPath(new URL('../results', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The kept parts, which a test does not change. */
const kept: KeptParts<Result> = {
  read: keptParts<Result>('readme', `${results}/parts`).read,
  save: () => Promise.reject(new Error('a test keeps no result')),
};
const nothingRuns = {
  run: () => Promise.resolve([]),
  abort: () => undefined,
  close: () => undefined,
};

/** The study with as many seeds as are kept; undefined if there are none. */
async function finished(study: Study, seeds: readonly number[] = []): Promise<Finished | undefined> {
  const more = [...seeds, seeds.length + 1];
  const surroundings = { backend: 'cpu', out: results } as const;
  const run = await runStudy(study, more, surroundings, { pool: nothingRuns, parts: kept, workOf: () => 1 });
  return run && ((await finished(study, more)) ?? run);
}

/** The cells of each row of a table, whatever its alignment. */
const cellsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim().replace(/-{3,}/, '---')).join('|')); // prettier-ignore

/** What the README says of a study, which has its title. */
function sectionOf({ title }: Study): string {
  const [, after = ''] = readme.split(`\n## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
}

it.each(Object.values(studies).map(({ full }) => [full.name, full] as const))(
  'shows the study %s as it is kept',
  async (name, study) => {
    const section = sectionOf(study);
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
