import { link, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.js';
import { syncDirectory, writeSynced } from '../sync.js';
import { modelJsonIn, replacedFiles } from './replaced-files.js';
import { weightsFiles } from './weights-files.js';

/**
 * The bytes of a model: a list of pieces for each weight file, and a function from the names of these files
 * to model.json.
 */
export interface ModelFiles {
  readonly shards: readonly (readonly Uint8Array[])[];
  readonly modelJson: (weightsFiles: readonly string[], replaces?: readonly string[]) => string;
}

/**
 * Replaces the model in a directory, if there is one; other files stay. The caller holds the lock with this
 * token.
 *
 * The system can replace one file atomically, but not a directory or two files. model.json names the weight
 * files, so replacing model.json replaces the model. At every moment, even in a power failure, the directory
 * holds the complete old model or the complete new one.
 */
export async function replaceModel(directory: string, files: ModelFiles, token: string): Promise<void> {
  const names = weightsFiles(files.shards.length);
  const own = names.map((name) => `kd-save-${token}-${name}`);
  const replaces = [...new Set([...(await replacedFiles(directory)), ...names])];
  try {
    for (const [index, shard] of files.shards.entries())
      await writeSynced(join(directory, own[index] as string), shard);
    await replaceModelJson(directory, files.modelJson(own, replaces), token);
    // The new model is now in place. If the rest fails, its weights keep their temporary names, which load
    // just as well.
    await giveUsualNames(directory, { own, names, replaces, files }, token).catch(() => undefined);
  } finally {
    await removeUnused(directory).catch(() => undefined);
  }
}

/** Gives the weights their usual names, with hard links, so that model.json is correct before and after. */
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
  // The files that model.json names must survive a power failure.
  await syncDirectory(directory);
  await replaceFile(join(directory, 'model.json'), text, token);
}

/**
 * Removes files from this save and from killed ones that model.json does not name. The lock keeps others from
 * saving meanwhile.
 */
async function removeUnused(directory: string): Promise<void> {
  const modelJson = await modelJsonIn(directory).catch(() => '');
  for (const name of await readdir(directory)) {
    if (/^kd-save-[0-9a-f]{12}-.+\.bin$/.test(name) && !modelJson.includes(name))
      await rm(join(directory, name), { force: true });
  }
}
