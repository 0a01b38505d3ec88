import { join, resolve } from 'node:path';
import type { io } from '@tensorflow/tfjs-core';
import { text } from '@kd/core';
import { readModel } from './read-model.js';
import { saveModel } from './save-model.js';

/**
 * A directory for saving and loading a model without tfjs-node, at the same speed.
 *
 * The files are those of tfjs: `model.json`, and `weights.bin` or, above 1 GiB of weights,
 * `group1-shard1of3.bin` and so on. tfjs-node and browsers load them too. A save is all or nothing: if the
 * process is killed at any moment, the directory holds the old model or the new one. Other files in the
 * directory stay untouched, and weights of another model are an error. One process at a time may save to a
 * directory, and saves of one process wait for each other; others may load meanwhile.
 *
 * @param path the directory; created with its parents when a model is saved
 * @returns a handler for `model.save`, `loadLayersModel` and `loadGraphModel`. Its `save` rejects with
 *   `KD_FILE_WRITE` if the path is not writable or is a file; with `KD_DISK_FULL`; with `KD_FILE_BUSY` while
 *   another process saves there; with `KD_FILE_FOREIGN` if it would replace weights that the existing
 *   model.json does not name; and with `KD_MODEL_UNSUPPORTED` for anything but a layers model or graph model
 *   with all its weights. Its `load` rejects with `KD_FILE_READ` if a file is missing, truncated, unreadable
 *   or of another kind, or if model.json names weights outside its directory.
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
  // Resolve now: a later change of the working directory must not move the model.
  const directory = resolve(path);
  return {
    save: (artifacts) => saveModel('modelDirectory.save', directory, artifacts),
    load: () => readModel('modelDirectory.load', join(directory, 'model.json')),
  };
}
