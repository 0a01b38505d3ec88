import { countOf } from '@kd-benchmarks/experiment/parts';
import { errorAxis, panels, percentOf } from './panels.js';
import type { Trained } from './studies/study.js';

/**
 * Test errors by depth or share: a dot for each student, a line for the mean of each arm, and a panel for
 * each group. Kinds without a position are horizontal dashes.
 */
export function errorsChart(
  xTitle: string,
): (title: string, students: readonly Trained[]) => Promise<string> {
  return (title, students) => {
    const values = students.flatMap(({ kind: { place }, results }) =>
      results.flatMap(({ wrong, size }) =>
        place === undefined ? [] : [{ ...place, error: percentOf(countOf(wrong), size) }],
      ),
    );
    const x = { field: 'x', type: 'quantitative', title: xTitle, scale: { zero: false } } as const;
    const y = errorAxis('test error in %');
    const mean = { ...y, aggregate: 'mean' } as const;
    const placed = [{ filter: 'isValid(datum.x)' }];
    return panels(title, values, [
      { transform: placed, mark: { type: 'point', size: 24 }, encoding: { x, y } },
      { transform: placed, mark: 'line', encoding: { x, y: mean } },
      {
        transform: [{ filter: '!isValid(datum.x)' }],
        mark: { type: 'rule', strokeDash: [4, 4] },
        encoding: { y: mean },
      },
    ]);
  };
}
