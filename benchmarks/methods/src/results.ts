import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cost, MethodResult } from './job.js';
import { keptIn } from '@kd-benchmarks/experiment/parts';

/** What is known of a method; parts that are missing have not been run yet. */
export interface MethodEntry {
  readonly name: string;
  readonly result?: MethodResult;
  /** The step, and the plain step in turns with it. */
  readonly cost?: { readonly own: Cost; readonly plain: Cost };
}

/** The results of one work. */
export interface Results {
  readonly work: string;
  readonly backend: string;
  readonly teacher?: { readonly test: number };
  readonly methods: readonly MethodEntry[];
}

/** A file of results that grows part by part, and is always complete or as it was before. */
export interface ResultsFile {
  readonly present: () => Results;
  readonly entry: (name: string) => MethodEntry | undefined;
  readonly save: (name: string, news: Omit<MethodEntry, 'name'>) => Promise<void>;
  readonly saveTeacher: (teacher: Results['teacher']) => Promise<void>;
}

/** The file of a work in a folder, with `empty` if there is none; methods have the order of `names`. */
export async function resultsFile(
  folder: string,
  empty: Results,
  names: readonly string[],
): Promise<ResultsFile> {
  const file = join(folder, `${empty.work}.json`);
  let results = (await keptIn('methods', file, (bytes) => JSON.parse(bytes.toString()) as Results)) ?? empty;
  let last = Promise.resolve();
  const write = (news: Results): Promise<void> => {
    results = news;
    // One after the other: two processes may end at the same time.
    last = last.then(async () => {
      await mkdir(folder, { recursive: true });
      await writeFile(`${file}.new`, `${JSON.stringify(results, null, 2)}\n`);
      await rename(`${file}.new`, file);
    });
    return last;
  };
  const entry = (name: string): MethodEntry | undefined => results.methods.find((one) => one.name === name);
  const place = ({ name }: MethodEntry): number => names.indexOf(name);
  return {
    present: () => results,
    entry,
    saveTeacher: (teacher) => write({ ...results, ...(teacher && { teacher }) }),
    save: (name, news) => {
      const others = results.methods.filter((one) => one.name !== name);
      const methods = [...others, { ...entry(name), name, ...news }].sort((a, b) => place(a) - place(b));
      return write({ ...results, methods });
    },
  };
}
