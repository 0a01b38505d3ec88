import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tablesOf } from './errors-table.js';
import type { Finished } from './run-study.js';
import type { Study } from './studies/index.js';

/** Prints the tables of a study, and writes them and its chart beside the results. */
export async function report(folder: string, study: Study, finished: Finished): Promise<void> {
  const tables = tablesOf(study, finished);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${study.name}.md`), `${tables}\n`);
  await writeFile(join(folder, `${study.name}.svg`), await study.chart(study.title, finished.students));
  console.log(tables);
}
