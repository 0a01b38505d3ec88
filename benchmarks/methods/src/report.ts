import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chart } from './chart.js';
import type { Results } from './results.js';
import { table } from './table.js';

/** Prints the table, and writes it and the chart beside the results. */
export async function report(folder: string, results: Results): Promise<void> {
  const text = table(results);
  await writeFile(join(folder, `${results.work}.md`), `${text}\n`);
  await writeFile(join(folder, `${results.work}.svg`), await chart(results));
  console.log(text);
}
