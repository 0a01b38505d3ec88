import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { accessFault, readFault } from '@kd/files';
import type { TestedModels } from '../models/tested-models.js';
import { readJsonLines } from '../read-json-lines.js';
import type { ReportedRun } from '../reported-run.js';
import { runOf } from '../run-of.js';
import { modelsFile, readModels } from './models-file.js';

/** What a folder of runs holds. */
export interface RunFolder {
  /** A run for each file `NAME.jsonl`, by name; those with a model of their name come first, in its order. */
  readonly runs: Readonly<Record<string, ReportedRun>>;
  readonly models: TestedModels | undefined;
  /** What is missing in the files, in sentences. */
  readonly notes: readonly string[];
}

const extension = '.jsonl';

export async function readFolder(where: string, folder: string): Promise<RunFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw accessFault(where, folder, error);
  });
  const models = names.includes(modelsFile) ? await readModels(where, join(folder, modelsFile)) : undefined;
  const order = Object.keys(models?.answers ?? {});
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const files = names
    .filter((name) => name.endsWith(extension) && name !== extension)
    .map((name) => name.slice(0, -extension.length))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  if (files.length === 0 && models === undefined)
    throw readFault(where, folder, {
      expected: `a folder with runs (*${extension}) or ${modelsFile}`,
      received:
        names.length === 0
          ? 'an empty folder'
          : `a folder with ${String(names.length)} other ${names.length === 1 ? 'file' : 'files'}`,
      remedy: 'Pass onEvent: jsonLines("FOLDER/NAME.jsonl") to train, or call saveModels.',
    });
  const notes: string[] = [];
  const runs: [string, ReportedRun][] = [];
  for (const name of files) {
    const { events, damaged } = await readJsonLines(join(folder, `${name}${extension}`));
    if (damaged !== undefined) notes.push(`The last line of ${name}${extension} is cut off and left out.`);
    if (events.length === 0) notes.push(`${name}${extension} has no events.`);
    runs.push([name, runOf(events)]);
  }
  return { runs: Object.fromEntries(runs), models, notes };
}
