import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { conventions, KdError } from '@kd/core';
import { classesOf, columnNames, outputColumns, sizeOf, tapColumn } from '../files/columns.js';
import type { OutputColumns } from '../files/columns.js';
import { accessFault } from '@kd/files';
import { damaged } from '../files/damaged.js';
import { manifestName, readManifest } from '../files/manifest.js';
import type { Manifest, StoredFile, StoredOutput, StoredTap } from '../files/manifest.js';
import { shardOfName } from '../files/names.js';
import type { ParquetTable } from '../files/parquet.js';
import { readPart } from '../files/read-part.js';
import { idIndex } from '../id-index.js';
import type { RemainingMass } from '../remaining-mass.js';
import { filledRows, halfRows, logProbabilityRows, plainRows } from './stored-rows.js';
import type { StoredRows } from './stored-rows.js';
import { topNames } from './stored-outputs.js';

type Numbers = Float32Array | Int32Array;

/** The values in one file: outputs of each member by name, and taps. */
interface StoredPart {
  readonly members: readonly Readonly<Record<string, StoredRows>>[];
  readonly taps: readonly StoredRows[];
}

/** A set in memory. */
export interface LoadedSet {
  /** The number of an example; -1 for an unknown id. */
  readonly find: (id: string) => number;
  /** The digest of the input of an example. */
  readonly inputOf: (example: number) => number;
  /** Writes an output of one member for an example to `into`. */
  readonly copyOutput: (member: number, name: string, example: number, into: Numbers) => void;
  /** Writes a tap for an example to `into`. */
  readonly copyTap: (tap: number, example: number, into: Numbers) => void;
}

/** The manifest of a finished set; rejects if the set is missing or unfinished. */
export async function sealedManifest(where: string, directory: string): Promise<Manifest> {
  const manifest = await readManifest(where, directory);
  if (manifest?.sealed === true) return manifest;
  if (manifest !== undefined) {
    const { shard, count } = manifest;
    const received = `${shard === undefined ? 'an unfinished set' : `shard ${String(shard.index)} of ${String(shard.count)}`} with ${String(count)} examples`;
    const remedy =
      shard === undefined
        ? 'Rerun the call that stores it: it resumes where it stopped.'
        : 'Merge the shards: npx @kd/stored-soft-targets merge <parent directory>.';
    throw incomplete(where, directory, received, remedy);
  }
  const names = await readdir(directory).catch((cause: unknown) => {
    throw accessFault(where, directory, cause);
  });
  if (names.some((name) => shardOfName(name) !== undefined)) {
    throw incomplete(
      where,
      directory,
      'shards that are not merged',
      `Run npx @kd/stored-soft-targets merge ${directory}.`,
    );
  }
  throw damaged(where, join(directory, manifestName), 'present', 'no such file');
}

/** The error `KD_TARGETS_INCOMPLETE`. */
export function incomplete(where: string, directory: string, received: string, remedy: string): KdError {
  return new KdError({
    code: 'KD_TARGETS_INCOMPLETE',
    where,
    argument: JSON.stringify(directory),
    expected: 'a finished set of soft targets',
    received,
    remedy,
  });
}

/** Reads all files of a set, one after the other. */
export async function loadSet(
  where: string,
  directory: string,
  manifest: Manifest,
  remaining: RemainingMass | undefined,
): Promise<LoadedSet> {
  const index = idIndex();
  const inputs = new Int32Array(manifest.count);
  const starts: number[] = [];
  const parts: StoredPart[] = [];
  for (const file of manifest.files) {
    const table = await readPart(where, directory, file);
    const start = index.size();
    starts.push(start);
    try {
      for (const id of table.texts(columnNames.id)) {
        if (index.add(id) === -1) throw duplicate(where, manifest, id, starts, index.find(id));
      }
      inputs.set(table.integers(columnNames.input), start);
      parts.push(partOf(table, manifest, file, remaining));
    } catch (cause) {
      if (KdError.isInstance(cause)) throw cause;
      throw damaged(
        where,
        join(directory, file.name),
        'a file with the columns that the manifest describes',
        String(cause),
        cause,
      );
    }
  }
  return {
    find: index.find,
    inputOf: (example) => inputs[example] as number,
    copyOutput: (member, name, example, into) => {
      const part = partWith(starts, example);
      parts[part]?.members[member]?.[name]?.copyTo(example - (starts[part] ?? 0), into);
    },
    copyTap: (tap, example, into) => {
      const part = partWith(starts, example);
      parts[part]?.taps[tap]?.copyTo(example - (starts[part] ?? 0), into);
    },
  };
}

function partOf(
  table: ParquetTable,
  manifest: Manifest,
  file: StoredFile,
  remaining: RemainingMass | undefined,
): StoredPart {
  const { outputs, taps = [], members } = manifest;
  const given = Object.entries(outputs).map(([name, output]) => {
    const columns = outputColumns(manifest, name);
    return columns.map((names) =>
      output.topK === undefined
        ? { [name]: rowsOf(table, names.values, output, manifest, file) }
        : topRows(table, names, { ...output, topK: output.topK }, name, file, remaining),
    );
  });
  return {
    members: members.map((_, member) => Object.assign({}, ...given.map((each) => each[member])) as Rows),
    taps: taps.map((tap) => rowsOf(table, tapColumn(tap), tap, manifest, file)),
  };
}

type Rows = Readonly<Record<string, StoredRows>>;

function rowsOf(
  table: ParquetTable,
  column: string,
  { rowShape, type }: Pick<StoredOutput | StoredTap, 'rowShape' | 'type'>,
  { values: { dtype } }: Manifest,
  { rows }: StoredFile,
): StoredRows {
  const width = sizeOf(rowShape);
  const values = type === 'int32' ? table.integers(column) : table.floats(column);
  checkLength(column, values, rows * width);
  const isHalf = dtype === 'float16' && values instanceof Float32Array;
  return isHalf ? halfRows(values, width) : plainRows(values, width);
}

/** The k largest as three outputs, and the whole output if it can be filled in. */
function topRows(
  table: ParquetTable,
  columns: OutputColumns,
  output: StoredOutput & { readonly topK: number },
  name: string,
  { rows }: StoredFile,
  remaining: RemainingMass | undefined,
): Rows {
  const { classes, positions } = classesOf(output);
  const k = output.topK;
  const top = {
    values: table.floats(columns.values),
    classes: table.integers(columns.classes),
    logRemaining: table.floats(columns.logRemaining),
    k,
    positions,
    areLogits: conventions[output.convention].scale === 'logits',
  };
  checkLength(columns.values, top.values, rows * positions * k);
  checkLength(columns.classes, top.classes, rows * positions * k);
  checkLength(columns.logRemaining, top.logRemaining, rows * positions);
  const names = topNames(name);
  return {
    ...(remaining && { [name]: filledRows(top, classes, remaining) }),
    [names.classes]: plainRows(top.classes, positions * k),
    [names.logProbabilities]: logProbabilityRows(top),
    [names.logRemaining]: plainRows(top.logRemaining, positions),
  };
}

function checkLength(column: string, { length }: Numbers, expected: number): void {
  if (length !== expected) throw new Error(`${column} has ${String(length)} values`);
}

/** The last part that starts at or before an example. */
function partWith(starts: readonly number[], example: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= example) low = middle;
    else high = middle - 1;
  }
  return low;
}

function duplicate(
  where: string,
  { files }: Manifest,
  id: string,
  starts: readonly number[],
  first: number,
): KdError {
  const names = [partWith(starts, first), starts.length - 1].map((part) => files[part]?.name ?? '');
  return new KdError({
    code: 'KD_ID_DUPLICATE',
    where,
    argument: [...new Set(names)].join(' and '),
    expected: 'without an id in common',
    received: JSON.stringify(id),
    remedy: 'Store the set again, with a unique id for every example.',
  });
}
