import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meanOf, meanWithRange } from '@kd-benchmarks/experiment';
import { drawTable } from '@kd-benchmarks/experiment/perceptrons';
import type { Trained } from '@kd-benchmarks/experiment/perceptrons';
import type { TeacherReport } from './examine-teacher.js';
import { arms, studentName } from './job.js';
import type { Job, Outcome } from './job.js';
import type { Settings } from './settings.js';

interface Row {
  readonly name: (typeof arms)[number];
  readonly testErrors: readonly number[];
  /** Validation error in per cent, by seed and epoch. */
  readonly validationErrors: readonly (readonly number[])[];
}

/** Prints the table and writes `result.json`. */
export async function report(
  teacher: TeacherReport,
  trained: readonly Trained<Job, Outcome>[],
  settings: Settings,
  seeds: readonly number[],
  out: string,
  run: { readonly backend: string; readonly teacherSeconds: number; readonly seconds: number },
): Promise<void> {
  const rows = arms.map((name): Row => {
    const names = seeds.map((seed) => studentName(name, seed));
    const outcomes = trained.filter(({ job }) => names.includes(job.name)).map(({ outcome }) => outcome);
    return {
      name,
      testErrors: outcomes.map(({ testErrors }) => testErrors),
      validationErrors: outcomes.map(({ validationErrors }) => validationErrors),
    };
  });
  const file = join(out, 'result.json');
  await writeFile(file, `${JSON.stringify({ teacher, rows, settings, ...run }, null, 2)}\n`);
  const digits = settings.transferSize.toLocaleString('en-US');
  const teacherDigits = teacher.about?.digits.toLocaleString('en-US') ?? '';
  console.log(
    drawTable(
      ['', 'learns from', 'test errors of 10,000', 'best validation error in %'],
      [
        ['teacher', teacherDigits === '' ? '' : `${teacherDigits} digits`, String(teacher.testErrors), ''],
        ...rows.map(({ name, testErrors, validationErrors }) => [
          `student ${name}`,
          `${digits} digits${name === 'alone' ? '' : ' + teacher'}`,
          meanWithRange(testErrors),
          meanWithRange(
            validationErrors.map((epochs) => Math.min(...epochs)),
            2,
          ),
        ]),
      ],
    ),
  );
  const [alone = NaN, distilled = NaN] = rows.map(({ testErrors }) => meanOf(testErrors));
  console.log(
    `The distilled student makes ${(distilled / alone).toFixed(2)} times as many errors as the student alone.`,
  );
  if (teacher.difference !== undefined) {
    console.log(
      `Probabilities of the ONNX model differ from those in Python by at most ${teacher.difference.toExponential(0)}.`,
    );
  }
  console.log(
    `${String(run.teacherSeconds)} s for the teacher, ${String(run.seconds)} s in total. Written to ${file}.`,
  );
}
