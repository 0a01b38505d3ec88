import { colours, svgOf } from '@kd-benchmarks/experiment/chart';
import { countOf } from '@kd-benchmarks/experiment/parts';
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
      place === undefined
        ? []
        : results.map(({ wrong, size }) => ({
            ...place,
            // An error of zero has no logarithm.
            error: (100 * Math.max(countOf(wrong), 0.5)) / size,
          })),
    );
    const x = { field: 'x', type: 'quantitative', title: xTitle, scale: { zero: false } } as const;
    const y = {
      type: 'quantitative',
      title: 'test error in %',
      scale: { type: 'log', nice: false },
      axis: { format: '~g' },
    } as const;
    const color = {
      field: 'line',
      type: 'nominal',
      title: null,
      sort: [...new Set(values.map(({ line }) => line))],
      scale: { range: colours },
      legend: { labelLimit: 0, symbolOpacity: 1, symbolStrokeWidth: 2 },
    } as const;
    const mean = { ...y, field: 'error', aggregate: 'mean' } as const;
    return svgOf({
      title,
      background: 'white',
      data: { values },
      facet: {
        field: 'panel',
        type: 'nominal',
        title: null,
        sort: [...new Set(values.map(({ panel }) => panel))],
      },
      columns: 2,
      spec: {
        width: 400,
        height: 320,
        layer: [
          {
            transform: [{ filter: 'isValid(datum.x)' }],
            mark: { type: 'point', size: 24 },
            encoding: { x, color, y: { ...y, field: 'error' } },
          },
          {
            transform: [{ filter: 'isValid(datum.x)' }],
            mark: 'line',
            encoding: { x, color, y: mean },
          },
          {
            transform: [{ filter: '!isValid(datum.x)' }],
            mark: { type: 'rule', strokeDash: [4, 4] },
            encoding: { color, y: mean },
          },
        ],
      },
    });
  };
}
