import { resolve } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import { KdError, checkName, describeValue } from '@kd/core';
import { writeFault } from './file-fault.js';
import { inTurn } from './in-turn.js';
import { modelJsonOf } from './model-json.js';
import { readModel } from './read-model.js';
import { replaceModel } from './replace-model.js';

/**
 * A directory in which a layers model is saved and from which it is loaded, without tfjs-node and at its speed.
 *
 * The files, `model.json` and `weights.bin`, are those of tfjs: tfjs-node and browsers load them too. A save is all or nothing:
 * whenever the process is killed, the directory holds the earlier model or the new one. Other files in it are left alone. One
 * process at a time may save to a directory.
 *
 * @param path the directory; made, with those above it, when a model is saved
 * @returns a handler for `model.save` and `loadLayersModel`. Its `save` rejects with `KD_FILE_WRITE` if the path cannot be
 *   written, is a file or has no space left, and with `KD_MODEL_UNSUPPORTED` for anything but a layers model. Its `load`
 *   rejects with `KD_FILE_READ` if a file is missing or truncated, or is not that of a layers model.
 * @throws `KD_OPTION_TYPE` for a path that is not a non-empty string
 *
 * @example
 * ```ts
 * import { modelDirectory } from '@kd/backend/node';
 * import '@tensorflow/tfjs-backend-cpu';
 * import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
 * import { mkdtemp, readdir } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const path = join(await mkdtemp(join(tmpdir(), 'kd-')), 'student');
 * const student = sequential({ layers: [layers.dense({ inputShape: [4], units: 3 })] });
 * await student.save(modelDirectory(path));
 * const loaded = await loadLayersModel(modelDirectory(path));
 * console.log((await readdir(path)).sort().join(' '), loaded.countParams());
 * // model.json weights.bin 15
 * ```
 */
export function modelDirectory(path: string): Required<io.IOHandler> {
  checkName('modelDirectory', 'path', path);
  // A later change of the working directory must not move the model.
  const directory = resolve(path);
  return {
    save: (artifacts) => save(directory, artifacts),
    load: () => readModel('modelDirectory.load', directory),
  };
}

async function save(directory: string, artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  const where = 'modelDirectory.save';
  checkLayersModel(where, artifacts);
  const { weightData = [] } = artifacts;
  const weights = (Array.isArray(weightData) ? weightData : [weightData]).map((part) => new Uint8Array(part));
  try {
    const modelJson = (weightsFile: string): string => modelJsonOf(artifacts, weightsFile);
    await inTurn(directory, () => replaceModel(directory, { weights, modelJson }));
  } catch (cause) {
    throw writeFault(where, directory, cause);
  }
  return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
}

function checkLayersModel(where: string, { format, modelTopology }: io.ModelArtifacts): void {
  const isLayersModel = (format ?? 'layers-model') === 'layers-model';
  if (isLayersModel && modelTopology !== undefined && !(modelTopology instanceof ArrayBuffer)) return;
  throw new KdError({
    code: 'KD_MODEL_UNSUPPORTED',
    where,
    argument: 'the model',
    expected: 'a tfjs layers model',
    received: isLayersModel ? describeValue(modelTopology) : `one of format ${describeValue(format)}`,
    remedy: 'Save it with a handler of tfjs.',
  });
}
