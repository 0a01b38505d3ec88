import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replacedFiles } from './replaced-files.js';
import { isLeftover, temporaryName } from './temporary-name.js';
import { weightsFiles } from './weights-files.js';
import { syncDirectory, writeSynced } from './write-synced.js';

/** The bytes of a model: its weights, a list of pieces for each file, and its model.json for given names of these files. */
export interface ModelFiles {
  readonly shards: readonly (readonly Uint8Array[])[];
  readonly modelJson: (weightsFiles: readonly string[], replaces?: readonly string[]) => string;
}

/**
 * Puts a model into a directory in place of the one that may be there; other files stay.
 *
 * No call of the system exchanges two directories, or two files at once, but one replaces one file: model.json names the files
 * of the weights, so that replacing model.json replaces the model. At each moment, of a power failure too, the directory holds
 * the old model or the new one, complete.
 */
export async function replaceModel(directory: string, files: ModelFiles): Promise<void> {
  await mkdir(directory, { recursive: true });
  const own = temporaryName();
  const names = weightsFiles(files.shards.length);
  const ownNames = names.map((name) => `${own}-${name}`);
  const replaces = [...new Set([...(await replacedFiles(directory)), ...names])];
  try {
    for (const [index, shard] of files.shards.entries()) {
      await writeSynced(join(directory, `${own}-${String(names[index])}`), shard);
    }
    await replaceModelJson(directory, own, files.modelJson(ownNames, replaces));
  } catch (error) {
    await removeFiles(directory, (name) => name.startsWith(own)).catch(() => undefined);
    throw error;
  }
  // From here on the new model is in place. If the rest fails, its weights keep their other names, which load as well.
  await giveUsualNames(directory, own, { names, replaces, files }).catch(() => undefined);
  await removeFiles(directory, (name) => isLeftover(name, own)).catch(() => undefined);
}

/** Moves the weights to their usual names; by second names for the same bytes, so that model.json is right before and after. */
async function giveUsualNames(
  directory: string,
  own: string,
  { names, replaces, files }: { names: readonly string[]; replaces: readonly string[]; files: ModelFiles },
): Promise<void> {
  for (const name of replaces) await rm(join(directory, name), { force: true });
  for (const name of names) await link(join(directory, `${own}-${name}`), join(directory, name));
  await replaceModelJson(directory, own, files.modelJson(names));
  for (const name of names) await rm(join(directory, `${own}-${name}`));
}

async function replaceModelJson(directory: string, own: string, text: string): Promise<void> {
  const temporary = join(directory, `${own}-model.json`);
  await writeSynced(temporary, [text]);
  await syncDirectory(directory);
  await rename(temporary, join(directory, 'model.json'));
  await syncDirectory(directory);
}

async function removeFiles(directory: string, which: (name: string) => boolean): Promise<void> {
  for (const name of (await readdir(directory)).filter(which))
    await rm(join(directory, name), { force: true });
}
