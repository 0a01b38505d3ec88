import { cellsOfTrials, markdown } from '@kd-benchmarks/experiment/parts';
import type { Finished } from './experiment.js';

/** What was tried on the validation digits, and how many of them it got wrong; the chosen number is bold. */
export function tableOfTrials({ teacherTrials, studentTrials }: Finished): string {
  return markdown(
    ['', 'tried', 'validation errors'],
    [
      ['teacher', ...cellsOfTrials(teacherTrials, (dropout) => `dropout ${String(dropout)}`)],
      ...[...studentTrials].map(([name, tried]) => [
        name,
        ...cellsOfTrials(
          tried,
          ({ learningRate, epochs }) => `${String(learningRate)} for ${String(epochs)} epochs`,
        ),
      ]),
    ],
  );
}
