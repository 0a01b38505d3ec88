import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isLeftover, temporaryName } from './temporary-name.js';
import { syncDirectory, writeSynced } from './write-synced.js';

/** The bytes of a model: its weights, and its model.json for a given name of the weights file. */
export interface ModelFiles {
  readonly weights: readonly Uint8Array[];
  readonly modelJson: (weightsFile: string) => string;
}

/**
 * Puts a model into a directory in place of the one that may be there; other files stay.
 *
 * No call of the system exchanges two directories, or two files at once, but one replaces one file: model.json names the file
 * of the weights, so that replacing model.json replaces the model. At each moment, of a power failure too, the directory holds
 * the old model or the new one, complete.
 */
export async function replaceModel(directory: string, files: ModelFiles): Promise<void> {
  await mkdir(directory, { recursive: true });
  const own = temporaryName();
  try {
    await writeSynced(join(directory, `${own}.bin`), files.weights);
    await replaceModelJson(directory, own, files.modelJson(`${own}.bin`));
  } catch (error) {
    await removeFiles(directory, (name) => name.startsWith(own)).catch(() => undefined);
    throw error;
  }
  // From here on the new model is in place. If the rest fails, its weights keep their other name, which loads as well.
  await giveUsualName(directory, own, files).catch(() => undefined);
  await removeFiles(directory, (name) => isLeftover(name, own)).catch(() => undefined);
}

/** Moves the weights to weights.bin; by a second name for the same bytes, so that model.json is right before and after. */
async function giveUsualName(directory: string, own: string, files: ModelFiles): Promise<void> {
  await rm(join(directory, 'weights.bin'), { force: true });
  await link(join(directory, `${own}.bin`), join(directory, 'weights.bin'));
  await replaceModelJson(directory, own, files.modelJson('weights.bin'));
  await rm(join(directory, `${own}.bin`));
}

async function replaceModelJson(directory: string, own: string, text: string): Promise<void> {
  const temporary = join(directory, `${own}.json`);
  await writeSynced(temporary, [text]);
  await syncDirectory(directory);
  await rename(temporary, join(directory, 'model.json'));
  await syncDirectory(directory);
}

async function removeFiles(directory: string, which: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(directory)).filter(which))
    await rm(join(directory, name), { force: true });
}
