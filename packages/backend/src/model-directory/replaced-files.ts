import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isWeightsFile } from './weights-files.js';

/**
 * The files of weights that are of no use once the model in a directory is replaced: those that its model.json names, and
 * those that a killed save, which noted them there under `replaces`, did not come to remove.
 *
 * Nothing else is removed: a file of such a name may belong to another model in the same directory.
 */
export async function replacedFiles(directory: string): Promise<string[]> {
  const names: unknown[] = [];
  try {
    const text = await readFile(join(directory, 'model.json'), 'utf8');
    const { weightsManifest, replaces } = JSON.parse(text) as Record<string, unknown>;
    for (const group of listOf(weightsManifest)) names.push(...listOf((group as { paths?: unknown }).paths));
    names.push(...listOf(replaces));
  } catch {
    // There is no model, or what is there is none.
  }
  return names.filter(isWeightsFile);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
