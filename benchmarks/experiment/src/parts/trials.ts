import { countOf } from './bits.js';
import { isThere } from './run-missing.js';

/** A setting that is tried on the validation examples. */
export interface Trial<Job, Setting> {
  readonly setting: Setting;
  readonly job: Job;
}

/** A trial and what it gave. */
export interface Tried<Job, Setting, Result> extends Trial<Job, Setting> {
  readonly result: Result;
}

/** What the result of a trial must tell: the rows that it got wrong, as bits. */
interface Judged {
  readonly wrong: string;
}

/**
 * Tries settings in groups. All trials run together, which keeps all processes busy.
 *
 * @param run gives the results of jobs in their order
 * @returns the trials with their results; undefined if a result is missing
 */
export async function tryOut<Job, Setting, Result>(
  groups: readonly (readonly Trial<Job, Setting>[])[],
  run: (jobs: readonly Job[]) => Promise<readonly (Result | undefined)[]>,
): Promise<Tried<Job, Setting, Result>[][] | undefined> {
  const results = await run(groups.flat().map(({ job }) => job));
  const all = results.filter(isThere);
  if (all.length < results.length) return undefined;
  return groups.map((trials) => trials.map((trial) => ({ ...trial, result: all.shift() as Result })));
}

/** The trial whose result costs least, the first of equals. */
export function leastOf<Job, Setting, Result>(
  tried: readonly Tried<Job, Setting, Result>[] | undefined,
  costOf: (result: Result) => number,
): Tried<Job, Setting, Result> | undefined {
  const costs = (tried ?? []).map(({ result }) => costOf(result));
  return tried?.[costs.indexOf(Math.min(...costs))];
}

/** The trial with the fewest errors, the first of equals. */
export function bestOf<Job, Setting, Result extends Judged>(
  tried?: readonly Tried<Job, Setting, Result>[],
): Tried<Job, Setting, Result> | undefined {
  return leastOf(tried, ({ wrong }) => countOf(wrong));
}

/** Two cells of a table: what was tried, and the errors; the fewest are bold. */
export function cellsOfTrials<Job, Setting, Result extends Judged>(
  tried: readonly Tried<Job, Setting, Result>[],
  nameOf: (setting: Setting) => string,
): [string, string] {
  const best = bestOf(tried);
  const errors = tried.map((trial) => {
    const count = String(countOf(trial.result.wrong));
    return trial === best ? `**${count}**` : count;
  });
  return [tried.map(({ setting }) => nameOf(setting)).join(' / '), errors.join(' / ')];
}
