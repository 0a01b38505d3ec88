import { link, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.js';
import { syncDirectory, writeSynced } from '../sync.js';
import { replacedFiles } from './replaced-files.js';
import { weightsFiles } from './weights-files.js';

/** The bytes of a model: its weights, a list of pieces for each file, and its model.json for given names of these files. */
export interface ModelFiles {
  readonly shards: readonly (readonly Uint8Array[])[];
  readonly modelJson: (weightsFiles: readonly string[], replaces?: readonly string[]) => string;
}

/**
 * Puts a model into a directory in place of the one that may be there; other files stay. The caller holds the lock with this token.
 *
 * No call of the system exchanges two directories, or two files at once, but one replaces one file: model.json names the files
 * of the weights, so that replacing model.json replaces the model. At each moment, of a power failure too, the directory holds
 * the old model or the new one, complete.
 */
export async function replaceModel(directory: string, files: ModelFiles, token: string): Promise<void> {
  const names = weightsFiles(files.shards.length);
  const own = names.map((name) => `kd-save-${token}-${name}`);
  const replaces = [...new Set([...(await replacedFiles(directory)), ...names])];
  try {
    for (const [index, shard] of files.shards.entries())
      await writeSynced(join(directory, own[index] as string), shard);
    await replaceModelJson(directory, files.modelJson(own, replaces), token);
    // From here on the new model is in place. If the rest fails, its weights keep their other names, which load as well.
    await giveUsualNames(directory, { own, names, replaces, files }, token).catch(() => undefined);
  } finally {
    await removeUnused(directory).catch(() => undefined);
  }
}

/** Moves the weights to their usual names; by second names for the same bytes, so that model.json is right before and after. */
async function giveUsualNames(
  directory: string,
  {
    own,
    names,
    replaces,
    files,
  }: { own: readonly string[]; names: readonly string[]; replaces: readonly string[]; files: ModelFiles },
  token: string,
): Promise<void> {
  for (const name of replaces) await rm(join(directory, name), { force: true });
  for (const [index, name] of names.entries())
    await link(join(directory, own[index] as string), join(directory, name));
  await replaceModelJson(directory, files.modelJson(names), token);
}

async function replaceModelJson(directory: string, text: string, token: string): Promise<void> {
  // What model.json names has to be there after a power failure.
  await syncDirectory(directory);
  await replaceFile(join(directory, 'model.json'), text, token);
}

/** Removes what this save and killed ones have written and model.json does not name: nobody else saves while the lock is held. */
async function removeUnused(directory: string): Promise<void> {
  const modelJson = await readFile(join(directory, 'model.json'), 'utf8').catch(() => '');
  for (const name of await readdir(directory)) {
    if (/^kd-save-[0-9a-f]{12}-.+\.bin$/.test(name) && !modelJson.includes(name))
      await rm(join(directory, name), { force: true });
  }
}
