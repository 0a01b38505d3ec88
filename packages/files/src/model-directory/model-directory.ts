import { join, resolve } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { text } from '@kd/core';
import { readModel } from './read-model.js';
import { saveModel } from './save-model.js';

/**
 * A directory in which a model is saved and from which it is loaded, without tfjs-node and at its speed.
 *
 * The files, `model.json` and `weights.bin`, or `group1-shard1of3.bin` and so on for weights of more than 1 GiB, are those of
 * tfjs: tfjs-node and browsers load them too. A save is all or nothing: whenever the process is killed, the directory holds the
 * earlier model or the new one. Other files in it are left alone, and weights
 * of another model are an error. One process at a time may save to a directory, and saves of one process wait for each other; others may
 * load from it meanwhile.
 *
 * @param path the directory; made, with those above it, when a model is saved
 * @returns a handler for `model.save`, `loadLayersModel` and `loadGraphModel`. Its `save` rejects with `KD_FILE_WRITE` if the
 *   path cannot be written or is a file, with `KD_DISK_FULL`, with `KD_FILE_BUSY` while another process saves there, with `KD_FILE_FOREIGN` if a file of weights that it would replace is
 *   not named by the model.json there, and with `KD_MODEL_UNSUPPORTED` for anything but a layers model or
 *   a graph model with all its weights. Its `load` rejects with `KD_FILE_READ` if a file is missing or truncated, may not be
 *   read, or is not that of such a model, or if model.json names weights outside its directory.
 * @throws `KD_OPTION_TYPE` for a path that is not a non-empty string
 *
 * @example
 * ```ts
 * import { modelDirectory } from '@kd/files';
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
  text.read({ where: 'modelDirectory', argument: 'path' }, path);
  // A later change of the working directory must not move the model.
  const directory = resolve(path);
  return {
    save: (artifacts) => saveModel('modelDirectory.save', directory, artifacts),
    load: () => readModel('modelDirectory.load', join(directory, 'model.json')),
  };
}
