import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadDigits } from '@kd-datasets/mnist';
import { chart } from './chart.js';
import type { Finished } from './experiment.js';
import type { Settings } from './settings.js';
import { tableOfResults } from './table-of-results.js';
import { tableOfTeachers } from './table-of-teachers.js';
import { tableOfTemperatures } from './table-of-temperatures.js';
import { tableOfTrials } from './table-of-trials.js';

/** Prints the tables, and writes them and the chart beside the results. */
export async function report(folder: string, finished: Finished, settings: Settings): Promise<void> {
  const { labels } = await loadDigits('t10k');
  const tables = [
    tableOfResults(finished, settings, labels),
    tableOfTemperatures(finished, settings),
    tableOfTeachers(finished, settings),
    tableOfTrials(finished, settings),
  ].join('\n\n');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tables.md'), `${tables}\n`);
  await writeFile(join(folder, 'temperatures.svg'), await chart(finished, settings));
  console.log(tables);
}
