import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { optionsOf, text } from '@kd/core';
import { replaceFile, withWriteFaults } from '@kd/files';
import { readFolder } from '../run-folder/read-folder.js';
import { page } from './page.js';

/** Options of `reportFolder`. */
export interface ReportFolderOptions {
  /** Path of the page; default `report.html` in the folder. */
  readonly out?: string;
  /** The title of the page; default the name of the folder. */
  readonly title?: string;
}

/** A page that was written. */
export interface FolderReport {
  /** Its path. */
  readonly file: string;
  /** What is missing in the files of the folder, in sentences: a line that was cut off. */
  readonly notes: readonly string[];
}

const where = 'reportFolder';
const folderOptions = optionsOf<ReportFolderOptions>()({ out: text.optional(), title: text.optional() });

/**
 * Draws the runs and models in a folder as one page, as `npx @kd/report FOLDER` does.
 *
 * @param folder path of a folder with a file `NAME.jsonl` of `jsonLines` for each run, a `models.json` of
 *   `saveModels`, or both
 * @param options where to write the page, and its title
 * @returns the path of the page, and what is missing in the files
 * @throws (rejects) `KD_FILE_READ` if the folder is missing or has nothing to show, or `models.json` is
 *   damaged; `KD_EVENTS_DAMAGED` for a damaged line of events; `KD_DISK_FULL`, `KD_FILE_WRITE`;
 *   `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { jsonLines } from '@kd/report/node';
 * import { reportFolder } from '@kd/report/page';
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { basename, join } from 'node:path';
 * const folder = await mkdtemp(join(tmpdir(), 'runs-'));
 * const onEvent = jsonLines(join(folder, 'student.jsonl')); // for train(recipe, { onEvent })
 * onEvent({ type: 'start', stage: 0, name: 'hints', epochs: 1, parameters: 8, step: 0, stepsPerEpoch: 2 });
 * const { file, notes } = await reportFolder(folder, { title: 'Digits' });
 * console.log(basename(file), notes);
 * // report.html []
 * ```
 */
export async function reportFolder(folder: string, options: ReportFolderOptions = {}): Promise<FolderReport> {
  text.read({ where, argument: 'folder' }, folder);
  const { out, title } = folderOptions.read(where, options);
  const { runs, models, notes } = await readFolder(where, folder);
  const name = basename(resolve(folder));
  const html = await page(runs, { title: title ?? (name || 'Runs'), ...(models && { models }) });
  const file = out ?? join(folder, 'report.html');
  const argument = out === undefined ? 'folder' : 'options.out';
  const directory = dirname(resolve(file));
  await withWriteFaults({ where, argument, directory, kept: 'an older page is kept' }, async () => {
    await mkdir(directory, { recursive: true });
    await replaceFile(resolve(file), html);
  });
  return { file, notes };
}
