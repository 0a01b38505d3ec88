import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { describeFault, readFault } from './file-fault.js';
import { parseModelJson } from './model-json.js';
import { weightBytes } from './weight-bytes.js';

/** Reads a model from its directory; `KD_FILE_READ` if a file is missing, truncated or of another kind. */
export async function readModel(where: string, directory: string): Promise<io.ModelArtifacts> {
  const file = join(directory, 'model.json');
  const model = parseModelJson(where, file, (await read(where, file)).toString('utf8'));
  return io.getModelArtifactsForJSON(model, async (manifest) => {
    const parts: ArrayBuffer[] = [];
    for (const group of manifest) parts.push(...(await readGroup(where, directory, group)));
    const [only, ...others] = parts;
    const weights = only !== undefined && others.length === 0 ? only : io.CompositeArrayBuffer.join(parts);
    return [io.getWeightSpecs(manifest), weights];
  });
}

async function readGroup(
  where: string,
  directory: string,
  { paths, weights }: io.WeightsManifestConfig[number],
): Promise<ArrayBuffer[]> {
  const files = paths.map((path) => join(directory, path));
  const parts: ArrayBuffer[] = [];
  for (const file of files) parts.push(bytesOf(await read(where, file)));
  const actual = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const expected = weightBytes(weights);
  if (expected === undefined || actual === expected) return parts;
  throw readFault(where, files.join(', '), {
    expected: `${String(expected)} bytes long, as model.json says`,
    received: `${String(actual)} bytes`,
    remedy:
      actual < expected ? 'The file is truncated; save the model again.' : 'The file is of another model.',
  });
}

async function read(where: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw readFault(where, file, {
      expected: 'a readable file',
      received: describeFault(cause),
      remedy: 'Pass the directory of a model that model.save wrote.',
      cause,
    });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  // The ArrayBuffer of a small Buffer is a pool that it shares with others.
  const owned = byteLength === buffer.byteLength;
  return (owned ? buffer : buffer.slice(byteOffset, byteOffset + byteLength)) as ArrayBuffer;
}
