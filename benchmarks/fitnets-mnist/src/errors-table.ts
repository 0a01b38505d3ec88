import { meanWithRange } from '@kd-benchmarks/experiment';
import {
  cellsOfTrials,
  compareSeeds,
  countOf,
  markdown,
  textOfChance,
} from '@kd-benchmarks/experiment/parts';
import type { Result } from './job.js';
import type { Finished } from './run-study.js';
import type { Study, Trained } from './studies/index.js';

/**
 * Test errors of the teacher and of each kind of student, and how each compares with another: fewer or more
 * errors only if chance alone would make such a difference in less than one case of twenty.
 */
export function errorsTable({ columns = [] }: Study, { teacher, students }: Finished): string {
  const groups = students.some(({ kind }) => kind.group !== '') ? [''] : [];
  const row = (group: string, arm: string, results: readonly Result[], trained?: Trained): string[] => [
    ...groups.map(() => group),
    arm,
    results.length === 0 ? '' : meanWithRange(results.map(({ wrong }) => countOf(wrong))),
    ...columns.map(({ cell }) => cell(trained)),
    trained === undefined ? '' : comparison(trained, students),
  ];
  return markdown(
    [
      ...groups,
      '',
      `test errors of ${teacher.size.toLocaleString('en-US')}`,
      ...columns.map(({ head }) => head),
      'compared with',
    ],
    [
      row('', 'teacher', [teacher]),
      ...students.map((trained) => row(trained.kind.group, trained.kind.arm, trained.results, trained)),
    ],
    1 + groups.length,
  );
}

function comparison({ kind, results }: Trained, students: readonly Trained[]): string {
  const other = students.find(({ kind: { group, arm } }) => group === kind.group && arm === kind.against);
  return other === undefined || results.length === 0
    ? ''
    : `${other.kind.arm}: ${differenceOf(results, other.results)}`;
}

/** McNemar's test over the pairs of seeds. */
export function differenceOf(
  results: readonly Pick<Result, 'seed' | 'wrong'>[],
  others: readonly Pick<Result, 'seed' | 'wrong'>[],
): string {
  const { onlyFirst, onlySecond, p } = compareSeeds(results, others);
  const what = p < 0.05 ? (onlyFirst < onlySecond ? 'fewer' : 'more') : 'not separated';
  return `${what}, ${textOfChance(p)}`;
}

/** The learning rates tried for each kind of student, and the errors on the validation digits. */
export function trialsTable({ trials, students }: Finished): string {
  return markdown(
    ['', 'learning rate', 'validation errors'],
    trials.map((tried, index) => [students[index]?.kind.arm ?? '', ...cellsOfTrials(tried, String)]),
  );
}

/** All tables of a study. */
export function tablesOf(study: Study, finished: Finished): string {
  const trials = finished.trials.length > 0 ? [trialsTable(finished)] : [];
  return [errorsTable(study, finished), ...trials].join('\n\n');
}
