import { meanWithRange } from '@kd-benchmarks/experiment';
import { countOf, markdown, rowsOf } from '@kd-benchmarks/experiment/parts';
import { alone, distilled, few, omissions } from './arms.js';
import { chance } from './chance.js';
import type { Finished } from './experiment.js';
import type { Result } from './job.js';
import type { Settings } from './settings.js';

/** Test errors beside the paper's. `labels` are those of the test digits. */
export function tableOfResults(finished: Finished, settings: Settings, labels: Int32Array): string {
  const { units, temperature, teacher } = settings;
  const students = (name: string): readonly Result[] => finished.students.get(name) ?? [];
  const [untaught, taught] = [alone(units[0]), distilled(units[0], temperature)].map(({ name }) =>
    students(name),
  ) as [readonly Result[], readonly Result[]];
  const [fewLabels, fewTaught] = few(settings);
  return markdown(
    ['', 'test errors of 10,000', 'paper', 'against the row above'],
    [
      [`teacher, 2 x ${String(teacher.units)}`, errorsOf(finished.teachers), '67', ''],
      [`student, 2 x ${String(units[0])}, alone`, errorsOf(untaught), '146', ''],
      [`student, distilled at T = ${String(temperature)}`, errorsOf(taught), '74', chance(untaught, taught)],
      ...(Object.keys(omissions) as Omission[]).flatMap((name) =>
        rowsOfOmission(name, students(name), labels),
      ),
      [fewLabels.name, errorsOf(students(fewLabels.name)), '', ''],
      [
        fewTaught.name,
        errorsOf(students(fewTaught.name)),
        '',
        chance(students(fewLabels.name), students(fewTaught.name)),
      ],
    ],
  );
}

type Omission = keyof typeof omissions;

const papers: Readonly<Record<Omission, { readonly plain: string; readonly corrected: string }>> = {
  'no 3': { plain: '206, of these 133 on them', corrected: '109, of these 14 on them (by +3.5)' },
  'only 7 and 8': { plain: '4730', corrected: '1320 (by -7.6)' },
};

/** Before and after the correction. */
function rowsOfOmission(name: Omission, results: readonly Result[], labels: Int32Array): string[][] {
  const { without, corrected: classes } = omissions[name];
  const isOmitted = (row: number): boolean => without.some((digit) => digit === labels[row]);
  const cell = (judged: readonly { readonly wrong: string }[]): string => {
    if (judged.length === 0) return '';
    const ofOmitted = judged.map(({ wrong }) => rowsOf(wrong).filter(isOmitted).length);
    return `${errorsOf(judged)}, of these ${meanWithRange(ofOmitted)} on them`;
  };
  const corrected = results.flatMap((result) =>
    result.corrected === undefined ? [] : { ...result.corrected, seed: result.seed },
  );
  return [
    [`${name} in the transfer set`, cell(results), papers[name].plain, ''],
    [
      `${name}, bias corrected${offsetOf(corrected, classes)}`,
      cell(corrected),
      papers[name].corrected,
      chance(results, corrected),
    ],
  ];
}

/** The mean offset of the corrected biases, over classes and seeds; empty if there is none yet. */
function offsetOf(
  corrected: readonly { readonly offsets: readonly number[] }[],
  classes: readonly number[],
): string {
  if (corrected.length === 0) return '';
  const offsets = corrected.flatMap((each) => classes.map((digit) => each.offsets[digit] ?? NaN));
  const mean = offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length;
  return ` by ${mean > 0 ? '+' : ''}${mean.toFixed(1)}`;
}

function errorsOf(results: readonly { readonly wrong: string }[]): string {
  return results.length === 0 ? '' : meanWithRange(results.map(({ wrong }) => countOf(wrong)));
}
