import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { curves, differenceCurves } from './chart.js';
import type { Agreement } from './results.js';
import { agreementTable, differencesTable, kinksTable } from './table.js';
import type { Time } from './time.js';

/** Prints the tables, and draws the pictures beside the results. */
export async function report(
  folder: string,
  suffix: string,
  agreement: Agreement,
  time: Time | undefined,
): Promise<void> {
  await writeFile(join(folder, `curves${suffix}.svg`), await curves(agreement));
  await writeFile(join(folder, `differences${suffix}.svg`), await differenceCurves(agreement));
  const tables = [agreementTable(agreement, time), kinksTable(agreement), differencesTable(agreement)];
  console.log(tables.join('\n\n'));
}
