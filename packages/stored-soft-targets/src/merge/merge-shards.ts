import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { KdError, text } from '@kd/core';
import { columnNames } from '../files/columns.js';
import { accessFault, withLock, withWriteFaults } from '@kd/files';
import { headerPart, readManifest, writeManifest } from '../files/manifest.js';
import type { Manifest, StoredFile } from '../files/manifest.js';
import { isPartName, shardName, shardOfName } from '../files/names.js';
import { readPart } from '../files/read-part.js';
import { idIndex } from '../id-index.js';
import { incomplete } from '../read/load-set.js';

const where = 'mergeShards';

/** What `mergeShards` merged. */
export interface MergeResult {
  readonly shards: number;
  readonly count: number;
}

/** A shard and its manifest. */
interface ReadShard {
  readonly name: string;
  readonly manifest: Manifest;
}

/**
 * Merges the shards in a directory into one set. It first checks that all shards are present, finished and
 * undamaged, that they share one teacher and one data set, and that no id occurs twice. Nothing is copied:
 * the manifest of the set lists the files of the shards.
 *
 * @param directory the `out` directory of all shards
 * @returns the number of shards and of examples
 * @throws rejects with `KD_OPTION_TYPE`; `KD_TARGETS_INCOMPLETE` if shards are missing or unfinished;
 *   `KD_TARGETS_MISMATCH` for shards that differ in shard count, teacher, data set or options, or if the
 *   directory holds a set without shards; `KD_TARGETS_DAMAGED` and `KD_ID_DUPLICATE`, naming the files;
 *   `KD_FILE_BUSY`, `KD_DISK_FULL`, `KD_FILE_WRITE`, `KD_FILE_READ`
 *
 * @example
 * ```ts no-run
 * // Needs shards that other processes have stored.
 * import { mergeShards } from '@kd/stored-soft-targets/node';
 * const { shards, count } = await mergeShards('targets');
 * console.log(shards, count);
 * ```
 */
export async function mergeShards(directory: string): Promise<MergeResult> {
  text.read({ where, argument: 'directory' }, directory);
  const path = resolve(directory);
  const shards = await readShards(path);
  const [first] = shards as [ReadShard];
  for (const shard of shards) checkAlike(first, shard);
  await checkRoot(path);
  const files = shards.flatMap(({ name, manifest }) =>
    manifest.files.map((file): StoredFile => ({ ...file, name: `${name}/${file.name}` })),
  );
  const count = await checkFiles(path, files);
  checkTotal(path, first.manifest, count);
  const set: Manifest = { ...headerPart(first.manifest), sealed: true, count, files };
  const place = { where, argument: 'directory', directory: path, kept: 'the shards are unchanged' };
  await withWriteFaults(place, () => withLock(place, (token) => writeManifest(path, set, token)));
  return { shards: shards.length, count };
}

async function readShards(path: string): Promise<ReadShard[]> {
  const entries = await readdir(path).catch((cause: unknown) => {
    throw accessFault(where, path, cause);
  });
  const found = entries.flatMap((name) => shardOfName(name) ?? []);
  const counts = [...new Set(found.map(({ count }) => count))];
  const [count] = counts;
  if (count === undefined) throw incomplete(where, path, 'no shard', 'Store the shards there first.');
  if (counts.length > 1) {
    const numbers = counts.join(' and of ');
    throw mismatch(path, 'the number of shards', 'the same for all', `shards of ${numbers}`);
  }
  return Promise.all(
    // Enough to find one that is missing, whatever the count in the names.
    Array.from({ length: Math.min(count, found.length + 1) }, async (_, index) => {
      const name = shardName({ index, count });
      const manifest = found.some((shard) => shard.index === index)
        ? await readManifest(where, join(path, name))
        : undefined;
      if (manifest?.shard?.complete === true) return { name, manifest };
      const state =
        manifest === undefined ? 'which is missing' : `with only ${String(manifest.count)} examples stored`;
      throw incomplete(
        where,
        path,
        `a set without ${name}, ${state}`,
        `Run shard ${String(index)} of ${String(count)}.`,
      );
    }),
  );
}

function checkAlike(first: ReadShard, other: ReadShard): void {
  const parts = {
    'the fingerprint of the teacher': ({ teacher }: Manifest) => teacher.fingerprint,
    'dtype and topK': ({ values, outputs }: Manifest) => ({
      ...values,
      topK: Object.values(outputs).map(({ topK }) => topK),
    }),
    'the outputs': ({ outputs }: Manifest) => outputs,
    'the taps': ({ taps = [] }: Manifest) => taps,
    'the weights of the members': ({ members }: Manifest) => members,
    'the data set that the shards divide': ({ shard }: Manifest) => shard?.data,
  };
  for (const [what, part] of Object.entries(parts)) {
    const [expected, received] = [first, other].map(({ manifest }) => JSON.stringify(part(manifest)));
    if (expected === received) continue;
    throw mismatch(other.name, what, `that of ${first.name}, ${String(expected)}`, String(received));
  }
}

/** Merging would overwrite a set in the directory itself. */
async function checkRoot(path: string): Promise<void> {
  const there = await readManifest(where, path);
  const own = there?.files.find(({ name }) => isPartName(name));
  if (own === undefined) return;
  throw mismatch(
    path,
    'the directory',
    'a directory of shards only',
    `a directory with ${own.name} of a set without shards`,
  );
}

async function checkFiles(path: string, files: readonly StoredFile[]): Promise<number> {
  const index = idIndex();
  const starts: number[] = [];
  for (const file of files) {
    starts.push(index.size());
    const table = await readPart(where, path, file, [columnNames.id]);
    for (const id of table.texts(columnNames.id)) {
      if (index.add(id) !== -1) continue;
      const first = index.find(id);
      const other = files[starts.findLastIndex((start) => start <= first)]?.name ?? '';
      throw new KdError({
        code: 'KD_ID_DUPLICATE',
        where,
        argument: `${other} and ${file.name}`,
        expected: 'without an id in common',
        received: JSON.stringify(id),
        remedy: 'Store both shards again, from the same data.',
      });
    }
  }
  return index.size();
}

function checkTotal(path: string, { shard }: Manifest, count: number): void {
  const expected = shard?.data?.count;
  if (count === expected) return;
  throw mismatch(
    path,
    'the shards',
    `of ${String(expected)} examples together, like their data`,
    String(count),
  );
}

function mismatch(name: string, what: string, expected: string, received: string): KdError {
  return new KdError({
    code: 'KD_TARGETS_MISMATCH',
    where,
    argument: `${what} in ${JSON.stringify(name)}`,
    expected,
    received,
    remedy: 'Delete what does not belong to the set, and store that shard again.',
  });
}
