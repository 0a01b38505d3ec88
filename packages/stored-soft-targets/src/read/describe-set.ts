import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeShape, text } from '@kd/core';
import { outputColumns, tapColumn } from '../files/columns.js';
import { accessFault } from '@kd/files';
import { damaged } from '../files/damaged.js';
import { manifestName, readManifest } from '../files/manifest.js';
import type { Manifest } from '../files/manifest.js';
import { shardOfName } from '../files/names.js';

/**
 * Describes what is stored in a directory, as text: teacher, outputs, number of examples and bytes, and
 * whether the set is finished.
 *
 * @param directory a set, a shard, or unmerged shards
 * @returns lines of text
 * @throws rejects with `KD_OPTION_TYPE`; `KD_FILE_READ` for a directory that cannot be read,
 *   `KD_TARGETS_DAMAGED` if the manifest is missing or invalid
 *
 * @example
 * ```ts no-run
 * // Needs a set.
 * import { describeSet } from '@kd/stored-soft-targets/node';
 * console.log(await describeSet('targets'));
 * ```
 */
export async function describeSet(directory: string): Promise<string> {
  const where = 'describeSet';
  text.read({ where, argument: 'directory' }, directory);
  const path = resolve(directory);
  const manifest = await readManifest(where, path);
  if (manifest !== undefined) return textOf(manifest);
  const entries = await readdir(path).catch((cause: unknown) => {
    throw accessFault(where, path, cause);
  });
  const shards = entries.filter((name) => shardOfName(name) !== undefined).sort();
  if (shards.length === 0) throw damaged(where, join(path, manifestName), 'there', 'no such file');
  const lines = await Promise.all(
    shards.map(async (name) => {
      const shard = await readManifest(where, join(path, name));
      const state = shard?.shard?.complete === true ? 'complete' : 'unfinished';
      return `${name}  ${state}, ${String(shard?.count ?? 0)} examples`;
    }),
  );
  return ['not merged', ...lines].join('\n');
}

function textOf(manifest: Manifest): string {
  const { teacher, outputs, taps = [], members, values, sealed, shard, count, files } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const perExample = count === 0 ? '' : `, ${(bytes / count).toFixed(1)} an example`;
  const state =
    shard === undefined ? (sealed ? 'finished' : 'unfinished') : shard.complete ? 'complete' : 'unfinished';
  const weights =
    members.length <= 1 ? '' : `, weights ${members.map(({ weight }) => String(weight)).join(' ')}`;
  return [
    ...(shard === undefined ? [] : [`shard     ${String(shard.index)} of ${String(shard.count)}`]),
    `state     ${state}`,
    `teacher   ${teacher.fingerprint}`,
    ...Object.entries(outputs).flatMap(([name, { convention, rowShape, topK, classes }]) => {
      const columns = outputColumns(manifest, name).map((column) => column.values);
      const cut = topK === undefined ? '' : `, the ${String(topK)} largest`;
      return [
        `outputs   ${convention} ${describeShape(rowShape)} in ${columns.join(', ')}${cut}${weights}`,
        ...(classes === undefined ? [] : [`classes   ${classes.join(' ')}`]),
      ];
    }),
    ...taps.map((tap) => `tap       ${describeShape(tap.rowShape)} in ${tapColumn(tap)}`),
    `values    ${values.dtype}`,
    `examples  ${String(count)}`,
    `files     ${String(files.length)}, ${String(bytes)} bytes${perExample}`,
  ].join('\n');
}
