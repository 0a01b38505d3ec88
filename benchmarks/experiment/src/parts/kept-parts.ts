import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@kd/files';
import { keptIn } from './kept-file.js';

/** The results of the parts of an experiment, each in a file of JSON. */
export interface KeptParts<Result> {
  /** The result of a part; undefined if it has not been run. */
  readonly read: (part: string) => Promise<Result | undefined>;
  readonly fileOf: (part: string) => string;
  readonly save: (part: string, result: Result) => Promise<void>;
}

/** The results in a folder, which is created with the first of them. */
export function keptParts<Result>(where: string, folder: string): KeptParts<Result> {
  const fileOf = (part: string): string => join(folder, `${slug(part)}.json`);
  return {
    fileOf,
    read: (part) => keptIn(where, fileOf(part), (bytes) => objectOf(bytes.toString()) as Result),
    save: async (part, result) => {
      await mkdir(folder, { recursive: true });
      await replaceFile(fileOf(part), `${JSON.stringify(result, null, 1)}\n`);
    },
  };
}

function objectOf(text: string): object {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === 'object' && parsed !== null) return parsed;
  throw new TypeError('no result of a part');
}

/** A name as part of a path: "T = 20, seed 1" becomes "t-20-seed-1". */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
