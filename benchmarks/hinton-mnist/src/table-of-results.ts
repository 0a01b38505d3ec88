import { meanWithRange } from '@kd-benchmarks/experiment';
import { countOf, rowsOf } from '@kd-benchmarks/experiment/parts';
import { alone, distilled, few, omissions } from './arms.js';
import type { Finished } from './experiment.js';
import type { Result } from './job.js';
import { markdown } from './markdown.js';
import type { Settings } from './settings.js';

/** Test errors beside the paper's. `labels` are those of the test digits. */
export function tableOfResults(finished: Finished, settings: Settings, labels: Int32Array): string {
  const [units] = settings.units;
  const students = (name: string): readonly Result[] => finished.students.get(name) ?? [];
  const errors = (results: readonly Result[]): string =>
    meanWithRange(results.map(({ wrong }) => countOf(wrong)));
  const [fewLabels, fewTaught] = few(settings);
  const omitted = Object.entries(omissions).flatMap(([name, { without }]) => {
    const results = students(name);
    const isOmitted = (row: number): boolean => without.some((digit) => digit === labels[row]);
    const both = (wrong: readonly string[]): string => {
      const ofOmitted = wrong.map((bits) => rowsOf(bits).filter(isOmitted).length);
      return `${meanWithRange(wrong.map(countOf))}, of these ${meanWithRange(ofOmitted)} on them`;
    };
    const corrected = results.flatMap((result) => result.corrected ?? []);
    return [
      [`${name} in the transfer set`, both(results.map(({ wrong }) => wrong)), papers[name]?.plain ?? ''],
      [
        `${name}, bias corrected by ${offsetOf(corrected, omissions[name as keyof typeof omissions].corrected)}`,
        both(corrected.map(({ wrong }) => wrong)),
        papers[name]?.corrected ?? '',
      ],
    ];
  });
  return markdown(
    ['', 'test errors of 10,000', 'paper'],
    [
      [`teacher, 2 x ${String(settings.teacher.units)}`, errors(finished.teachers), '67'],
      [`student, 2 x ${String(units)}, alone`, errors(students(alone(units).name)), '146'],
      [
        `student, distilled at T = ${String(settings.temperature)}`,
        errors(students(distilled(units, settings.temperature).name)),
        '74',
      ],
      ...omitted,
      [fewLabels.name, errors(students(fewLabels.name)), ''],
      [fewTaught.name, errors(students(fewTaught.name)), ''],
    ],
  );
}

const papers: Readonly<Record<string, { readonly plain: string; readonly corrected: string }>> = {
  'no 3': { plain: '206, of these 133 on them', corrected: '109, of these 14 on them (by +3.5)' },
  'only 7 and 8': { plain: '4730', corrected: '1320 (by -7.6)' },
};

/** The mean offset of the corrected biases, over classes and seeds. */
function offsetOf(
  corrected: readonly { readonly offsets: readonly number[] }[],
  classes: readonly number[],
): string {
  const offsets = corrected.flatMap((each) => classes.map((digit) => each.offsets[digit] ?? NaN));
  const mean = offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length;
  return `${mean > 0 ? '+' : ''}${mean.toFixed(1)}`;
}
