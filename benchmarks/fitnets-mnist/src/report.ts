import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTables } from '@kd-benchmarks/experiment/parts';
import { tablesOf } from './errors-table.js';
import type { Finished } from './run-study.js';
import { sectionOf } from './section.js';
import type { Study } from './studies/index.js';

/** Prints the tables of a study, and writes them and its chart beside the results. */
export async function report(folder: string, study: Study, finished: Finished): Promise<void> {
  const tables = tablesOf(study, finished);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${study.name}.md`), `${tables}\n`);
  await writeFile(join(folder, `${study.name}.svg`), await study.chart(study.title, finished.students));
  console.log(tables);
}

const notRun = 'Not run yet.';

/** Writes the tables of a study into its section of the README, in place of older ones. */
export async function updateTables(file: string, study: Study, finished: Finished): Promise<void> {
  const readme = await readFile(file, 'utf8');
  const section = sectionOf(readme, study);
  const tables = tablesOf(study, finished);
  const chart = `![${study.title}](results/${study.name}.svg)`;
  const updated = section.includes(notRun)
    ? section.replace(notRun, () => `${chart}\n\n${tables}`)
    : withTables(section, tables.split('\n\n'));
  await writeFile(
    file,
    readme.replace(section, () => updated),
  );
}
