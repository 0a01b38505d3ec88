import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { KdError, text } from '@kd/core';
import { accessFault, checkRegularFile, readFault, replaceFile, withWriteFaults } from '@kd/files';
import { jsonOf } from '../json-of-line.js';
import { testedModels } from '../models/read-models.js';
import type { TestedModels } from '../models/tested-models.js';

/** The name of the file with models in a folder of runs. */
export const modelsFile = 'models.json';

/**
 * Keeps what models answered on a test set in a folder of runs, as `models.json`, from which
 * `npx @kd/report FOLDER` and `reportFolder` draw it.
 *
 * The file replaces an older one atomically. Of float32 values it has nine digits, from which the same
 * float32 values can be read.
 *
 * @param folder path of the folder; it is created if missing
 * @param models what `page` takes as the option `models`
 * @returns when the file is on the disk
 * @throws (rejects) what `page` throws for models; `KD_DISK_FULL` and `KD_FILE_WRITE`
 *
 * @example
 * ```ts
 * import { saveModels } from '@kd/report/node';
 * import { mkdtemp, readFile } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * const folder = await mkdtemp(join(tmpdir(), 'kd-'));
 * const logits = { values: Float32Array.of(2, 0.25), shape: [1, 2] };
 * await saveModels(folder, { labels: [0], answers: { student: { logits } } });
 * console.log((await readFile(join(folder, 'models.json'), 'utf8')).trim());
 * // {"labels":[0],"answers":{"student":{"logits":{"values":[2,0.25],"shape":[1,2]}}}}
 * ```
 */
export async function saveModels(folder: string, models: TestedModels): Promise<void> {
  const where = 'saveModels';
  text.read({ where, argument: 'folder' }, folder);
  testedModels.read({ where, argument: 'models' }, models);
  const content = `${JSON.stringify(models, (_, value: unknown) => plain(value))}\n`;
  const directory = resolve(folder);
  await withWriteFaults({ where, argument: 'folder', directory, kept: 'an older file is kept' }, async () => {
    await mkdir(directory, { recursive: true });
    await replaceFile(join(directory, modelsFile), content);
  });
}

/** Typed arrays as arrays; nine digits tell any two float32 numbers apart. */
function plain(value: unknown): unknown {
  if (value instanceof Float32Array) return Array.from(value, (one) => Number(one.toPrecision(9)));
  return value instanceof Int32Array || value instanceof Uint8Array ? Array.from(value) : value;
}

/** The models that `saveModels` wrote to a file. */
export async function readModels(where: string, file: string): Promise<TestedModels> {
  let content: string;
  try {
    await checkRegularFile(file);
    content = await readFile(file, 'utf8');
  } catch (error) {
    throw accessFault(where, file, error);
  }
  const expected = 'what saveModels wrote';
  const remedy = 'Write it again, or remove it.';
  const models = jsonOf(content);
  if (models === undefined)
    throw readFault(where, file, {
      expected,
      received: `${String(content.length)} characters that do not parse`,
      remedy,
    });
  try {
    testedModels.read({ where, argument: 'models' }, models);
  } catch (error) {
    if (!KdError.isInstance(error)) throw error;
    const { argument, expected: needed, received } = error;
    throw readFault(where, file, {
      expected: `${expected}, with ${argument} ${needed}`,
      received,
      remedy,
      cause: error,
    });
  }
  return models as TestedModels;
}
