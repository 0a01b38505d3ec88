import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meanWithRange } from '@kd-benchmarks/experiment';
import { drawTable } from '@kd-benchmarks/experiment/perceptrons';
import type { Trained } from '@kd-benchmarks/experiment/perceptrons';
import type { Job, Outcome } from './job.js';
import { labelledCount, studentName, teachers, ways } from './jobs.js';
import type { Settings } from './settings.js';

interface Row {
  readonly name: string;
  readonly seen: number;
  readonly labels: number;
  readonly testErrors: readonly number[];
  /** Validation error in per cent, by seed and epoch. */
  readonly validationErrors: readonly (readonly number[])[];
  readonly paper: string;
}

/** Prints the table and writes `result.json`. */
export async function report(
  trained: readonly Trained<Job, Outcome>[],
  settings: Settings,
  seeds: readonly number[],
  out: string,
  run: { readonly backend: string; readonly seconds: number },
): Promise<void> {
  const rowOf = (name: string, paper: string, names: readonly string[]): Row => {
    const found = trained.filter(({ job }) => names.includes(job.name));
    const job = found[0]?.job as Job;
    return {
      name,
      seen: job.digits.count,
      labels: job.labelled,
      testErrors: found.map(({ outcome }) => outcome.testErrors),
      validationErrors: found.map(({ outcome }) => outcome.validationErrors),
      paper,
    };
  };
  const rows = [
    ...teachers.map((name) => rowOf(name, '', [name])),
    ...ways.map((way) =>
      rowOf(
        `student by ${way.name}`,
        way.paper ?? '',
        seeds.map((seed) => studentName(way, seed)),
      ),
    ),
  ];
  await writeFile(join(out, 'result.json'), `${JSON.stringify({ rows, settings, ...run }, null, 2)}\n`);
  const head = [
    '',
    'digits',
    'labels',
    'test error in %',
    'validation, best',
    'last epoch',
    'paper, accuracy',
  ];
  console.log(drawTable(head, rows.map(cellsOf)));
  console.log(`${String(labelledCount(settings))} digits have labels. ${String(run.seconds)} s.`);
}

function cellsOf({ name, seen, labels, testErrors, validationErrors, paper }: Row): string[] {
  const validation = (of: (epochs: readonly number[]) => number | undefined): string =>
    meanWithRange(
      validationErrors.map((epochs) => of(epochs) ?? NaN),
      2,
    );
  return [
    name,
    seen.toLocaleString('en-US'),
    labels.toLocaleString('en-US'),
    meanWithRange(
      testErrors.map((errors) => errors / 100),
      2,
    ),
    validation((epochs) => Math.min(...epochs)),
    validation((epochs) => epochs.at(-1)),
    paper,
  ];
}
