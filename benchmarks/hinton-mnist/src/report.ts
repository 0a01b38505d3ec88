import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withTables } from '@kd-benchmarks/experiment/parts';
import { loadDigits } from '@kd-datasets/mnist';
import { chart } from './chart.js';
import type { Finished } from './experiment.js';
import type { Settings } from './settings.js';
import { tableOfResults } from './table-of-results.js';
import { tableOfTeachers } from './table-of-teachers.js';
import { tableOfTemperatures } from './table-of-temperatures.js';
import { tablesOfTrials } from './tables-of-trials.js';

/** All tables of the experiment. */
export async function tablesOf(finished: Finished, settings: Settings): Promise<string[]> {
  const { labels } = await loadDigits('t10k');
  return [
    tableOfResults(finished, settings, labels),
    tableOfTemperatures(finished, settings),
    tableOfTeachers(finished, settings),
    ...tablesOfTrials(finished, settings),
  ];
}

/** Prints the tables, and writes the chart. */
export async function report(folder: string, finished: Finished, settings: Settings): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'temperatures.svg'), await chart(finished, settings));
  console.log((await tablesOf(finished, settings)).join('\n\n'));
}

/** Writes the tables into a text that has older ones. */
export async function updateTables(file: string, finished: Finished, settings: Settings): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, withTables(text, await tablesOf(finished, settings)));
}
