import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meanWithRange } from '@kd-benchmarks/experiment';
import { digitsOf, drawTable } from '@kd-benchmarks/experiment/perceptrons';
import type { Trained } from '@kd-benchmarks/experiment/perceptrons';
import { ensembleErrors } from './ensemble-errors.js';
import type { Job, Outcome } from './job.js';
import { memberName, studentName, ways } from './jobs.js';
import type { Settings } from './settings.js';

interface Row {
  readonly name: string;
  readonly testErrors: readonly number[];
  /** In per cent; for the ensemble, the error of all members together. */
  readonly validationErrors: readonly number[];
}

/** Prints the table and writes `result.json`. */
export async function report(
  trained: readonly Trained<Job, Outcome>[],
  settings: Settings,
  seeds: readonly number[],
  out: string,
  run: { readonly backend: string; readonly seconds: number },
): Promise<void> {
  const named = (names: readonly string[]): Trained<Job, Outcome>[] =>
    trained.filter(({ job }) => names.includes(job.name));
  const members = named(Array.from({ length: settings.members }, (_, index) => memberName(index + 1)));
  const nets = members.map(({ job, outcome }) => ({ net: job.net, weights: outcome.weights }));
  const { validation, test } = await digitsOf({ count: 0 });
  const ensembleRow = async (mean: 'arithmetic' | 'geometric'): Promise<Row> => ({
    name: `ensemble, ${mean} mean`,
    testErrors: [await ensembleErrors(nets, mean, test)],
    validationErrors: [(100 * (await ensembleErrors(nets, mean, validation))) / validation.size],
  });
  const rows = [
    rowOf('one net of the ensemble', members),
    await ensembleRow('arithmetic'),
    await ensembleRow('geometric'),
    ...ways.map((way) => rowOf(way.name, named(seeds.map((seed) => studentName(way, seed))))),
  ];
  await writeFile(join(out, 'result.json'), `${JSON.stringify({ rows, settings, ...run }, null, 2)}\n`);
  const cells = rows.map(({ name, testErrors, validationErrors }) => [
    name,
    String(testErrors.length),
    meanWithRange(testErrors),
    meanWithRange(validationErrors, 2),
  ]);
  console.log(drawTable(['', 'nets or seeds', 'test errors of 10,000', 'validation error in %'], cells));
  console.log(`${String(run.seconds)} s.`);
}

function rowOf(name: string, trained: readonly Trained<Job, Outcome>[]): Row {
  return {
    name,
    testErrors: trained.map(({ outcome }) => outcome.testErrors),
    validationErrors: trained.map(({ outcome }) => outcome.validationError),
  };
}
