import { conventions } from '@kd/core';
import { outputColumns, tapColumn } from '../files/columns.js';
import { classesOf, sizeOf } from '../files/row-shape.js';
import type { OutputColumns } from '../files/columns.js';
import type { Manifest, StoredOutput, StoredTap } from '../files/manifest.js';
import type { ParquetTable } from '../files/decode-parquet.js';
import type { RemainingMass } from '../remaining-mass.js';
import { checkClasses, checkFinite } from './check-numbers.js';
import type { Wrong } from './check-numbers.js';
import { topNames } from './stored-outputs.js';
import { filledRows, halfRows, logProbabilityRows, plainRows } from './stored-rows.js';
import type { StoredRows } from './stored-rows.js';

type Rows = Readonly<Record<string, StoredRows>>;

/** The values in one file: outputs of each member by name, and taps. */
export interface StoredPart {
  readonly members: readonly Rows[];
  readonly taps: readonly StoredRows[];
}

/** The values in a file; throws what `wrong` makes of numbers that the manifest excludes. */
export function storedPart(
  table: ParquetTable,
  manifest: Manifest,
  remaining: RemainingMass | undefined,
  wrong: Wrong,
): StoredPart {
  const { outputs, taps = [], members } = manifest;
  const given = Object.entries(outputs).map(([name, output]) => {
    const columns = outputColumns(manifest, name);
    return columns.map((names) =>
      output.topK === undefined
        ? { [name]: rowsOf(table, names.values, output, manifest, wrong) }
        : topRows(table, names, { ...output, topK: output.topK, name }, remaining, wrong),
    );
  });
  return {
    members: members.map((_, member) => Object.assign({}, ...given.map((each) => each[member])) as Rows),
    taps: taps.map((tap) => rowsOf(table, tapColumn(tap), tap, manifest, wrong)),
  };
}

function rowsOf(
  table: ParquetTable,
  column: string,
  { rowShape, type }: Pick<StoredOutput | StoredTap, 'rowShape' | 'type'>,
  { values: { dtype } }: Manifest,
  wrong: Wrong,
): StoredRows {
  const width = sizeOf(rowShape);
  if (type === 'int32') return plainRows(table.integers(column, width), width);
  const values = table.floats(column, width);
  checkFinite(column, values, dtype, wrong);
  return dtype === 'float16' ? halfRows(values, width) : plainRows(values, width);
}

/** The k largest as three outputs, and the whole output if it can be filled in. */
function topRows(
  table: ParquetTable,
  columns: OutputColumns,
  { name, topK: k, ...output }: StoredOutput & { readonly topK: number; readonly name: string },
  remaining: RemainingMass | undefined,
  wrong: Wrong,
): Rows {
  const { classes, positions } = classesOf(output);
  const top = {
    values: table.floats(columns.values, positions * k),
    classes: table.integers(columns.classes, positions * k),
    // One position is stored as a number, not as a list.
    logRemaining: table.floats(columns.logRemaining, positions === 1 ? undefined : positions),
    k,
    positions,
    areLogits: conventions[output.convention].scale === 'logits',
  };
  // The k largest stay float32 in memory.
  checkFinite(columns.values, top.values, 'float32', wrong);
  checkClasses(columns.classes, top.classes, { k, classes }, wrong);
  checkFinite(columns.logRemaining, top.logRemaining, 'float32', wrong);
  const names = topNames(name);
  return {
    ...(remaining && { [name]: filledRows(top, classes, remaining) }),
    [names.classes]: plainRows(top.classes, positions * k),
    [names.logProbabilities]: logProbabilityRows(top),
    [names.logRemaining]: plainRows(top.logRemaining, positions),
  };
}
