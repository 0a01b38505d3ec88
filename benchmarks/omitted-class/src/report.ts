import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meanWithRange } from '@kd-benchmarks/experiment';
import { drawTable } from '@kd-benchmarks/experiment/perceptrons';
import type { Trained } from '@kd-benchmarks/experiment/perceptrons';
import type { ErrorsByClass, Job, Outcome } from './job.js';
import { studentName } from './jobs.js';
import { transfers } from './settings.js';
import type { Settings, Transfer } from './settings.js';

type Trainings = readonly Trained<Job, Outcome>[];

/** Prints the table and writes `result.json`. */
export async function report(
  trained: Trainings,
  settings: Settings,
  seeds: readonly number[],
  out: string,
  run: { readonly backend: string; readonly seconds: number },
): Promise<void> {
  const [teacher] = trained;
  const rows = transfers.map((transfer) => rowOf(transfer, trained, seeds));
  const result = { teacher: teacher?.outcome.plain.test, rows, settings, ...run };
  await writeFile(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  const head = ['transfer set', 'errors', 'paper', 'offset', 'paper', 'corrected', 'paper', 'all corrected'];
  console.log(drawTable(head, [teacherRow(teacher?.outcome), ...rows.map(cellsOf)]));
  console.log('Test errors of 10,000; in brackets, errors on the classes that the transfer set lacks.');
  console.log(`${String(run.seconds)} s.`);
}

type Errors = Omit<Outcome, 'weights' | 'reason'>;

interface Row extends Transfer {
  /** One entry per seed. */
  readonly students: readonly Errors[];
}

function rowOf(transfer: Transfer, trained: Trainings, seeds: readonly number[]): Row {
  const names = seeds.map((seed) => studentName(transfer.name, seed));
  const students = trained
    .filter(({ job }) => names.includes(job.name))
    .map(({ outcome: { plain, corrected, allCorrected } }) => ({
      plain,
      ...(corrected && { corrected }),
      ...(allCorrected && { allCorrected }),
    }));
  return { ...transfer, students };
}

function teacherRow(teacher: Outcome | undefined): string[] {
  const errors = teacher?.plain.test ?? [];
  return ['(teacher)', String(sumOf(errors)), '67', ...Array.from({ length: 5 }, () => '')];
}

function cellsOf({ name, without, corrected, paper, students }: Row): string[] {
  const cell = (of: (student: Errors) => ErrorsByClass | undefined): string => {
    const errors = students.map(of);
    if (errors.some((each) => each === undefined)) return '';
    const known = errors as ErrorsByClass[];
    const omitted = meanWithRange(known.map((each) => sumOf(without.map((digit) => each[digit] ?? NaN))));
    return `${meanWithRange(known.map(sumOf))}${without.length === 0 ? '' : ` [${omitted}]`}`;
  };
  return [
    name,
    cell(({ plain }) => plain.test),
    paper.errors,
    offsetsOf(corrected, students),
    paper.offset,
    cell((student) => student.corrected?.test),
    paper.correctedErrors,
    cell(({ allCorrected }) => allCorrected?.test),
  ];
}

/** Mean offset of each corrected class over the seeds. */
function offsetsOf(classes: readonly number[], students: readonly Errors[]): string {
  const meanOffset = (digit: number): number =>
    students.reduce((sum, { corrected }) => sum + (corrected?.offsets[digit] ?? NaN), 0) / students.length;
  return classes
    .map(meanOffset)
    .map((offset) => `${offset > 0 ? '+' : ''}${offset.toFixed(1)}`)
    .join(', ');
}

function sumOf(errors: readonly number[]): number {
  return errors.reduce((a, b) => a + b, 0);
}
