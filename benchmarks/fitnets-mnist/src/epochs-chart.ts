import { errorAxis, panels, percentOf } from './panels.js';
import type { Trained } from './studies/study.js';

/**
 * Validation errors by epoch: a thin line for each student, a thick one for the mean of each arm, and a panel
 * for each group. Epochs on hints alone are left blank.
 */
export function epochsChart(title: string, students: readonly Trained[]): Promise<string> {
  const values = students.flatMap(({ kind: { group, arm }, results }) =>
    results.flatMap(({ seed, hintEpochs, validationErrors, digits }) =>
      validationErrors.map((errors, epoch) => ({
        ...{ panel: group, line: arm, seed },
        epoch: hintEpochs + epoch + 1,
        error: percentOf(errors, digits.validation),
      })),
    ),
  );
  const x = { field: 'epoch', type: 'quantitative', title: 'epoch', axis: { tickMinStep: 1 } } as const;
  const y = errorAxis('validation error in %');
  return panels(title, values, [
    {
      mark: { type: 'line', strokeWidth: 1, opacity: 0.35, aria: false },
      encoding: { x, y, detail: { field: 'seed' } },
    },
    {
      mark: { type: 'line', strokeWidth: 2.5 },
      encoding: { x, y: { ...y, aggregate: 'mean' } },
    },
  ]);
}
