import { conventions } from '@kd/core';
import { columnNames, hasSequences, outputColumns, tapColumn } from '../files/columns.js';
import { classesOf, isSequence, sizeOf } from '../files/row-shape.js';
import type { RowShape } from '../files/row-shape.js';
import { startsOf } from '../files/starts.js';
import type { OutputColumns } from '../files/columns.js';
import type { Manifest, StoredOutput, StoredTap } from '../files/manifest.js';
import type { ParquetTable } from '../files/decode-parquet.js';
import type { Lists } from '../files/encode-parquet.js';
import type { RemainingMass } from '../remaining-mass.js';
import { checkClasses, checkFinite } from './check-numbers.js';
import type { Wrong } from './check-numbers.js';
import { topNames } from './stored-outputs.js';
import { filledRows, halfRows, logProbabilityRows, plainRows, sequenceRows } from './stored-rows.js';
import type { StoredRows } from './stored-rows.js';

type Rows = Readonly<Record<string, StoredRows>>;

/** The values in one file: outputs of each member by name, and taps. */
export interface StoredPart {
  readonly members: readonly Rows[];
  readonly taps: readonly StoredRows[];
  /** Where the sequences begin, in positions; undefined without sequences. */
  readonly starts: Int32Array | undefined;
}

/** A file that is being read. */
interface Source {
  readonly table: ParquetTable;
  readonly manifest: Manifest;
  /** The number of positions of each row, if there are sequences. */
  readonly lengths: Int32Array | undefined;
  readonly starts: Int32Array | undefined;
  readonly wrong: Wrong;
}

/** The values in a file; throws what `wrong` makes of numbers that the manifest excludes. */
export function storedPart(
  table: ParquetTable,
  manifest: Manifest,
  remaining: RemainingMass | undefined,
  wrong: Wrong,
): StoredPart {
  const { outputs, taps = [], members } = manifest;
  const lengths = hasSequences(manifest) ? table.integers(columnNames.length) : undefined;
  const starts = lengths && startsOf(lengths);
  const source = { table, manifest, lengths, starts, wrong };
  const given = Object.entries(outputs).map(([name, output]) => {
    const columns = outputColumns(manifest, name);
    return columns.map((names) =>
      output.topK === undefined
        ? { [name]: rowsOf(source, names.values, output) }
        : topRows(source, names, { ...output, topK: output.topK, name }, remaining),
    );
  });
  return {
    members: members.map((_, member) => Object.assign({}, ...given.map((each) => each[member])) as Rows),
    taps: taps.map((tap) => rowsOf(source, tapColumn(tap), tap)),
    starts,
  };
}

function rowsOf(
  source: Source,
  column: string,
  { rowShape, type }: Pick<StoredOutput | StoredTap, 'rowShape' | 'type'>,
): StoredRows {
  const { table, manifest, wrong } = source;
  const { dtype } = manifest.values;
  const width = sizeOf(rowShape);
  const lists = listsOf(source, rowShape, width);
  if (type === 'int32') return inRows(source, rowShape, plainRows(table.integers(column, lists), width));
  const values = table.floats(column, lists);
  checkFinite(column, values, dtype, wrong);
  return inRows(source, rowShape, dtype === 'float16' ? halfRows(values, width) : plainRows(values, width));
}

/** The k largest as three outputs, and the whole output if it can be filled in. */
function topRows(
  source: Source,
  columns: OutputColumns,
  { name, topK: k, rowShape, convention }: StoredOutput & { readonly topK: number; readonly name: string },
  remaining: RemainingMass | undefined,
): Rows {
  const { table, wrong } = source;
  const { classes, positions } = classesOf({ rowShape });
  const lists = listsOf(source, rowShape, positions * k);
  // A single mass is stored as a number, not as a list.
  const isNumber = positions === 1 && !isSequence(rowShape);
  const top = {
    values: table.floats(columns.values, lists),
    classes: table.integers(columns.classes, lists),
    logRemaining: table.floats(columns.logRemaining, isNumber ? undefined : { ...lists, width: positions }),
    k,
    positions,
    areLogits: conventions[convention].scale === 'logits',
  };
  // The k largest stay float32 in memory.
  checkFinite(columns.values, top.values, 'float32', wrong);
  checkClasses(columns.classes, top.classes, { k, classes }, wrong);
  checkFinite(columns.logRemaining, top.logRemaining, 'float32', wrong);
  const names = topNames(name);
  const rows = {
    ...(remaining && { [name]: filledRows(top, classes, remaining) }),
    [names.classes]: plainRows(top.classes, positions * k),
    [names.logProbabilities]: logProbabilityRows(top),
    [names.logRemaining]: plainRows(top.logRemaining, positions),
  };
  return Object.fromEntries(
    Object.entries(rows).map(([each, entries]) => [each, inRows(source, rowShape, entries)]),
  );
}

function listsOf({ lengths }: Source, rowShape: RowShape, width: number): Lists {
  return isSequence(rowShape) ? { width, lengths } : { width };
}

function inRows({ starts }: Source, rowShape: RowShape, entries: StoredRows): StoredRows {
  return isSequence(rowShape) && starts ? sequenceRows(entries, starts) : entries;
}
