import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { accessFault, readFault } from '../file-faults.js';
import { openRegularFile } from '../regular-file.js';
import { parseModelJson } from './model-json.js';
import { notAModel } from './not-a-model.js';
import { readWeights } from './read-weights.js';

const attempts = 10;

/**
 * Reads a model from its model.json, with its weights in buffers of `limit` bytes; throws `KD_FILE_READ` if a
 * file is missing, truncated or of another kind.
 *
 * A save in another process replaces the weight files one by one, so a read during that time may mix two
 * models. The save replaces model.json first, and that is how we notice.
 */
export async function readModel(where: string, file: string, limit?: number): Promise<io.ModelArtifacts> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    // The open file keeps its inode, so a new model.json has a different one.
    const handle = await openRegularFile(file).catch((cause: unknown) => {
      throw accessFault(where, file, cause, notAModel);
    });
    try {
      const model = readOnce(where, { file, handle, limit });
      await model.catch(() => undefined);
      if (await isInPlace(file, handle)) return await model;
    } finally {
      await handle.close();
    }
  }
  throw readFault(where, file, {
    expected: 'unchanged while it is read',
    received: `a model that was replaced during each of ${String(attempts)} attempts`,
    remedy: 'Load it again after the save has finished.',
  });
}

async function readOnce(
  where: string,
  { file, handle, limit }: { file: string; handle: FileHandle; limit: number | undefined },
): Promise<io.ModelArtifacts> {
  const text = await handle.readFile('utf8').catch((cause: unknown) => {
    throw accessFault(where, file, cause, notAModel);
  });
  return io.getModelArtifactsForJSON(parseModelJson(where, file, text), async (manifest) => [
    io.getWeightSpecs(manifest),
    await readWeights(where, dirname(file), manifest, limit),
  ]);
}

async function isInPlace(file: string, handle: FileHandle): Promise<boolean> {
  const own = await handle.stat({ bigint: true });
  const current = await stat(file, { bigint: true }).catch(() => undefined);
  return current?.ino === own.ino && current.dev === own.dev;
}
