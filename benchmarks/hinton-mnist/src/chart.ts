import type { TopLevelSpec } from 'vega-lite';
import { colours, svgOf } from '@kd-benchmarks/experiment/chart';
import { countOf } from '@kd-benchmarks/experiment/parts';
import { alone, distilled } from './arms.js';
import type { Finished } from './experiment.js';
import type { Settings } from './settings.js';

/** Test errors by temperature: a dot for each student, a line for each size; dashes are students alone. */
export function chart(finished: Finished, settings: Settings): Promise<string> {
  return svgOf(specificationOf(finished, settings));
}

function specificationOf({ students }: Finished, { units, temperatures }: Settings): TopLevelSpec {
  const errorsOf = (name: string): number[] => (students.get(name) ?? []).map(({ wrong }) => countOf(wrong));
  const values = units.flatMap((count) =>
    temperatures.flatMap((temperature) =>
      errorsOf(distilled(count, temperature).name).map((errors) => ({
        size: `2 x ${String(count)}`,
        temperature,
        errors,
      })),
    ),
  );
  const baselines = units.flatMap((count) =>
    errorsOf(alone(count).name).map((errors) => ({ size: `2 x ${String(count)}`, errors })),
  );
  const x = { field: 'temperature', type: 'quantitative', scale: { type: 'log' }, title: 'T' } as const;
  const y = { field: 'errors', type: 'quantitative', scale: { type: 'log' } } as const;
  const axis = { title: 'test errors of 10,000' };
  const color = {
    field: 'size',
    type: 'nominal',
    sort: units.map((count) => `2 x ${String(count)}`),
    title: 'student',
    scale: { range: colours },
  } as const;
  return {
    title: 'Students by temperature; dashes: from labels alone',
    width: 520,
    height: 320,
    background: 'white',
    layer: [
      { data: { values }, mark: { type: 'point', size: 24 }, encoding: { x, y: { ...y, axis }, color } },
      { data: { values }, mark: 'line', encoding: { x, y: { ...y, axis, aggregate: 'mean' }, color } },
      {
        data: { values: baselines },
        mark: { type: 'rule', strokeDash: [4, 4] },
        encoding: { y: { ...y, axis, aggregate: 'mean' }, color },
      },
    ],
  };
}
