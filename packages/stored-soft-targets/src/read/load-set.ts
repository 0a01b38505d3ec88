import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KdError } from '@kd/core';
import { columnNames } from '../files/columns.js';
import { accessFault } from '@kd/files';
import { damaged } from '../files/damaged.js';
import { manifestName, readManifest } from '../files/manifest.js';
import type { Manifest } from '../files/manifest.js';
import { shardOfName } from '../files/names.js';
import { readPart } from '../files/read-part.js';
import { idIndex } from '../id-index.js';
import type { RemainingMass } from '../remaining-mass.js';
import { storedPart } from './stored-part.js';
import type { StoredPart } from './stored-part.js';

type Numbers = Float32Array | Int32Array;

/** A set in memory. */
export interface LoadedSet {
  /** The number of an example; -1 for an unknown id. */
  readonly find: (id: string) => number;
  /** The digest of the input of an example. */
  readonly inputOf: (example: number) => number;
  /** The number of positions of an example whose values are sequences. */
  readonly lengthOf: (example: number) => number;
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
  const starts: number[] = [];
  const inputs: Int32Array[] = [];
  const parts: StoredPart[] = [];
  for (const file of manifest.files) {
    const table = await readPart(where, directory, file);
    starts.push(index.size());
    for (const id of table.texts(columnNames.id)) {
      if (index.add(id) === -1) throw duplicate(where, manifest, id, starts, index.find(id));
    }
    inputs.push(table.integers(columnNames.input));
    const wrong = (expected: string, received: string): KdError =>
      damaged(where, join(directory, file.name), expected, received);
    parts.push(storedPart(table, manifest, remaining, wrong));
  }
  const placeOf = (example: number): { part: number; row: number } => {
    const part = partWith(starts, example);
    return { part, row: example - (starts[part] ?? 0) };
  };
  return {
    find: index.find,
    inputOf: (example) => {
      const { part, row } = placeOf(example);
      return inputs[part]?.[row] as number;
    },
    lengthOf: (example) => {
      const { part, row } = placeOf(example);
      const starts = parts[part]?.starts;
      return starts === undefined ? 1 : (starts[row + 1] as number) - (starts[row] as number);
    },
    copyOutput: (member, name, example, into) => {
      const { part, row } = placeOf(example);
      parts[part]?.members[member]?.[name]?.copyTo(row, into);
    },
    copyTap: (tap, example, into) => {
      const { part, row } = placeOf(example);
      parts[part]?.taps[tap]?.copyTo(row, into);
    },
  };
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
