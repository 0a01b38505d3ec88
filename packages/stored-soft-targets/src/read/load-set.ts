import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { conventions, KdError } from '@kd/core';
import { columnNames, memberColumns, widthOf } from '../files/columns.js';
import { accessFault } from '@kd/files';
import { damaged } from '../files/damaged.js';
import { manifestName, readManifest } from '../files/manifest.js';
import type { Manifest } from '../files/manifest.js';
import { shardOfName } from '../files/names.js';
import type { ParquetTable } from '../files/parquet.js';
import { readPart } from '../files/read-part.js';
import { idIndex } from '../id-index.js';
import type { RemainingMass } from '../remaining-mass.js';
import { floatRows, halfRows, topRows } from './stored-rows.js';
import type { StoredRows } from './stored-rows.js';

/** A set in memory. */
export interface LoadedSet {
  /** The number of an example; -1 for an unknown id. */
  readonly find: (id: string) => number;
  /** The digest of the input of an example. */
  readonly inputOf: (example: number) => number;
  /** Writes the outputs of one member for an example to `into`. */
  readonly copyTo: (member: number, example: number, into: Float32Array) => void;
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
  const starts: number[] = [];
  const inputs: Int32Array[] = [];
  const parts: StoredRows[][] = [];
  for (const file of manifest.files) {
    const table = await readPart(where, directory, file);
    starts.push(index.size());
    for (const id of table.texts(columnNames.id)) {
      if (index.add(id) === -1) throw duplicate(where, manifest, id, starts, index.find(id));
    }
    inputs.push(table.integers(columnNames.input));
    const wrong = (expected: string, received: string): KdError =>
      damaged(where, join(directory, file.name), expected, received);
    parts.push(rowsOf(table, manifest, remaining, wrong));
  }
  const placeOf = (example: number): { part: number; row: number } => {
    const part = partOf(starts, example);
    return { part, row: example - (starts[part] ?? 0) };
  };
  return {
    find: index.find,
    inputOf: (example) => {
      const { part, row } = placeOf(example);
      return inputs[part]?.[row] as number;
    },
    copyTo: (member, example, into) => {
      const { part, row } = placeOf(example);
      parts[part]?.[member]?.copyTo(row, into);
    },
  };
}

function rowsOf(
  table: ParquetTable,
  manifest: Manifest,
  remaining: RemainingMass | undefined,
  wrong: (expected: string, received: string) => KdError,
): StoredRows[] {
  const { topK, dtype } = manifest.values;
  const width = widthOf(manifest);
  return memberColumns(manifest).map((names) => {
    const values = table.floats(names.outputs, topK ?? width);
    checkFinite(names.outputs, values, wrong);
    if (topK === undefined || remaining === undefined) {
      return dtype === 'float16' ? halfRows(values, width) : floatRows(values, width);
    }
    const columns = {
      values,
      classes: table.integers(names.classes, topK),
      logRemaining: table.floats(names.logRemaining),
    };
    checkClasses(names.classes, columns.classes, { topK, width }, wrong);
    checkFinite(names.logRemaining, columns.logRemaining, wrong);
    return topRows(columns, { k: topK, logits: conventions[manifest.output.convention].isLogits, remaining });
  });
}

function checkFinite(
  name: string,
  values: Float32Array,
  wrong: (expected: string, received: string) => KdError,
): void {
  const found = values.find((value) => !Number.isFinite(value));
  if (found !== undefined) throw wrong(`a file with finite ${name}`, String(found));
}

function checkClasses(
  name: string,
  classes: Int32Array,
  { topK, width }: { topK: number; width: number },
  wrong: (expected: string, received: string) => KdError,
): void {
  const row = new Set<number>();
  for (const [place, value] of classes.entries()) {
    if (place % topK === 0) row.clear();
    const expected = `a file whose ${name} are different classes from 0 to ${String(width - 1)} in each row`;
    if (value < 0 || value >= width) throw wrong(expected, String(value));
    if (row.has(value)) throw wrong(expected, `class ${String(value)} twice`);
    row.add(value);
  }
}

/** The last part that starts at or before an example. */
function partOf(starts: readonly number[], example: number): number {
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
  const names = [partOf(starts, first), starts.length - 1].map((part) => files[part]?.name ?? '');
  return new KdError({
    code: 'KD_ID_DUPLICATE',
    where,
    argument: [...new Set(names)].join(' and '),
    expected: 'without an id in common',
    received: JSON.stringify(id),
    remedy: 'Store the set again, with a unique id for every example.',
  });
}
