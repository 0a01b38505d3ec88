import { colours, svgOf } from '@kd-benchmarks/experiment/chart';
import type { Trained } from './studies/study.js';

/**
 * Validation errors by epoch: a thin line for each student, a thick one for the mean of each arm, and a panel
 * for each group. Epochs on hints alone are left blank.
 */
export function epochsChart(title: string, students: readonly Trained[]): Promise<string> {
  const values = students.flatMap(({ kind: { group, arm }, results }) =>
    results.flatMap(({ seed, hintEpochs, validationErrors, digits }) =>
      validationErrors.map((errors, epoch) => ({
        ...{ group, arm, seed },
        epoch: hintEpochs + epoch + 1,
        // An error of zero has no logarithm.
        error: (100 * Math.max(errors, 0.5)) / digits.validation,
      })),
    ),
  );
  const arms = [...new Set(students.map(({ kind }) => kind.arm))];
  const x = { field: 'epoch', type: 'quantitative', title: 'epoch', axis: { tickMinStep: 1 } } as const;
  const y = {
    type: 'quantitative',
    title: 'validation error in %',
    scale: { type: 'log', nice: false },
    axis: { format: '~g' },
  } as const;
  const color = {
    field: 'arm',
    type: 'nominal',
    title: null,
    sort: arms,
    scale: { range: colours },
    legend: { labelLimit: 0, symbolOpacity: 1, symbolStrokeWidth: 2 },
  } as const;
  return svgOf({
    title,
    background: 'white',
    data: { values },
    facet: {
      field: 'group',
      type: 'nominal',
      title: null,
      sort: [...new Set(values.map(({ group }) => group))],
    },
    columns: 2,
    spec: {
      width: 480,
      height: 320,
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1, opacity: 0.35, aria: false },
          encoding: { x, color, y: { ...y, field: 'error' }, detail: { field: 'seed' } },
        },
        {
          mark: { type: 'line', strokeWidth: 2.5 },
          encoding: { x, color, y: { ...y, field: 'error', aggregate: 'mean' } },
        },
      ],
    },
  });
}
