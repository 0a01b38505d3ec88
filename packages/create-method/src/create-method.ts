import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KdError } from '@kd/core';
import { codeOf, withWriteFaults } from '@kd/files';
import { nameFault, namesOf } from './names.js';
import type { Names } from './names.js';
import { filled, templateOf } from './template.js';
import type { Files, Kind } from './template.js';

/** What to create. */
export interface MethodRequest {
  /** Of the package, for npm: `my-loss` or `@me/my-loss`. */
  readonly name: string;
  readonly kind: Kind;
}

/** What was created. */
export interface CreatedMethod {
  readonly names: Names;
  /** Paths from the package's folder. */
  readonly files: readonly string[];
}

/**
 * Writes a package into a new folder, completely or not at all.
 *
 * @param request name and kind
 * @param directory where the folder is to be
 * @returns the names of package and method, and the files
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE` for the name; `KD_FILE_FOREIGN` if the folder has files, which
 *   stay as they are; `KD_FILE_WRITE`, `KD_DISK_FULL`
 */
export async function createMethod({ name, kind }: MethodRequest, directory: string): Promise<CreatedMethod> {
  const names = namesOf(name);
  const template = await templateOf(kind);
  checkFreeIn(template, names);
  const files = filled(template, names);
  const folder = join(directory, names.folder);
  const where = '@kd/create-method';
  await withWriteFaults(
    { where, argument: 'the folder', directory: folder, kept: 'nothing was written' },
    async () => {
      await checkEmpty(folder);
      await writeWhole(folder, files);
    },
  );
  return { names, files: [...files.keys()] };
}

/** Throws for a name that the template's code uses for something else, such as `mean`. */
function checkFreeIn(template: Files, { package: name, camel }: Names): void {
  const code = [...template].filter(([path]) => path.endsWith('.ts')).map(([, text]) => text);
  if (!code.some((text) => new RegExp(`\\b${camel}(?:Loss)?\\b`).test(text))) return;
  throw nameFault(
    'RANGE',
    'a name that the code of the package does not use for something else',
    name,
    `The term would be called ${camel}. Choose a longer name.`,
  );
}

/** Throws unless the folder is empty or does not exist. */
async function checkEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  if (entries.length > 0) throw notEmpty(folder, entries);
}

function notEmpty(folder: string, entries: readonly string[]): KdError {
  const some = entries.slice(0, 3).join(', ');
  return new KdError({
    code: 'KD_FILE_FOREIGN',
    where: '@kd/create-method',
    argument: `the folder ${JSON.stringify(folder)}`,
    expected: 'empty or absent',
    received: `one with ${some}${entries.length > 3 ? ` and ${String(entries.length - 3)} more` : ''}`,
    remedy: 'Choose another name, or move these files away; none was touched.',
  });
}

/** Files appear in the folder all at once, so that a failed attempt leaves nothing and can be repeated. */
async function writeWhole(folder: string, files: Files): Promise<void> {
  const draft = `${folder}.${randomUUID().slice(0, 8)}`;
  try {
    for (const [path, text] of files) {
      const file = join(draft, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
    }
    // Windows replaces no folder, not even an empty one. One that has got files in the meantime stays.
    await rmdir(folder).catch(() => undefined);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw ['ENOTEMPTY', 'EEXIST'].includes(codeOf(error)) ? notEmpty(folder, await readdir(folder)) : error;
  }
}
