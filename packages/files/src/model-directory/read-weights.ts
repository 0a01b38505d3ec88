import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { accessFault, readFault } from '../file-faults.js';
import { notAModel } from './not-a-model.js';
import { readConcatenated } from './read-concatenated.js';
import type { SizedFile } from './read-concatenated.js';
import { shardBytes } from './shards.js';
import { weightBytes } from './weight-bytes.js';

/**
 * Reads the weights listed in a model.json: into one buffer, or, if they are longer, a list of buffers of
 * `limit` bytes.
 */
export async function readWeights(
  where: string,
  directory: string,
  manifest: io.WeightsManifestConfig,
  limit: number = shardBytes,
): Promise<io.WeightData> {
  const files: SizedFile[] = [];
  for (const { paths, weights } of manifest) {
    const group = await Promise.all(paths.map((path) => sizedFile(where, join(directory, path))));
    checkSize(where, group, weightBytes(weights));
    files.push(...group);
  }
  const [only = new ArrayBuffer(0), ...others] = await readConcatenated(where, files, limit);
  return others.length === 0 ? only : [only, ...others];
}

async function sizedFile(where: string, file: string): Promise<SizedFile> {
  const stats = await stat(file).catch((cause: unknown) => {
    throw accessFault(where, file, cause, notAModel);
  });
  if (stats.isFile()) return { file, size: stats.size };
  // Reading a pipe would block the process.
  throw readFault(where, file, {
    expected: 'a readable file',
    received: stats.isDirectory() ? 'a directory of that name' : 'a pipe, a socket or a device',
    remedy: notAModel,
  });
}

/** Checks the size before reading anything: the weights of another model may exceed the memory. */
function checkSize(where: string, group: readonly SizedFile[], expected: number | undefined): void {
  const actual = group.reduce((sum, { size }) => sum + size, 0);
  if (expected === undefined || actual === expected) return;
  const sizes = group.map(({ file, size }) => `${basename(file)} ${String(size)}`);
  throw readFault(where, group.map(({ file }) => file).join(', '), {
    expected: `${String(expected)} bytes long, as stated in model.json`,
    received: `${String(actual)} bytes${group.length > 1 ? ` (${sizes.join(', ')})` : ''}`,
    remedy:
      actual < expected
        ? `Save the model again; the file is truncated.`
        : 'Use the weights that belong to this model.json; the file is too long.',
  });
}
