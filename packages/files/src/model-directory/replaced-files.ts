import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KdError } from '@kd/core';
import { checkRegularFile } from '../regular-file.js';
import { isWeightsFile } from './weights-files.js';

/**
 * The weight files that become useless once the model in a directory is replaced: those that its model.json
 * names, and those that a killed save noted under `replaces` and did not get to remove.
 *
 * Nothing else is removed: a file with such a name may belong to another model in the same directory.
 */
export async function replacedFiles(directory: string): Promise<string[]> {
  const names: unknown[] = [];
  try {
    const { weightsManifest, replaces } = JSON.parse(await modelJsonIn(directory)) as Record<string, unknown>;
    for (const group of listOf(weightsManifest)) names.push(...listOf((group as { paths?: unknown }).paths));
    names.push(...listOf(replaces));
  } catch {
    // There is no model, or no valid one.
  }
  return names.filter(isWeightsFile);
}

/** The text of the model.json in a directory. */
export async function modelJsonIn(directory: string): Promise<string> {
  const file = join(directory, 'model.json');
  await checkRegularFile(file);
  return readFile(file, 'utf8');
}

/** Throws `KD_FILE_FOREIGN` if a file with one of these names does not belong to the replaced model. */
export async function checkReplaceable(
  where: string,
  directory: string,
  names: readonly string[],
): Promise<void> {
  const own = await replacedFiles(directory);
  const there = await readdir(directory).catch((): string[] => []);
  const foreign = names.find((name) => there.includes(name) && !own.includes(name));
  if (foreign === undefined) return;
  throw new KdError({
    code: 'KD_FILE_FOREIGN',
    where,
    argument: 'path',
    expected: 'a directory whose weight files all belong to its model.json',
    received: `${JSON.stringify(directory)}, with ${foreign} of another model`,
    remedy: 'Choose another directory, or move the file away.',
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
