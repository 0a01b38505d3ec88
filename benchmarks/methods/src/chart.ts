import type { TopLevelSpec } from 'vega-lite';
import { meanOf } from '@kd-benchmarks/experiment';
import { svgOf } from '@kd-benchmarks/experiment/chart';
import type { MethodResult } from './job.js';
import { methodNamed } from './methods/index.js';
import { alone } from './methods/of-labels.js';
import type { Results } from './results.js';

/** All students as dots, their means as bars, by method: the text of an SVG file. */
export function chart(results: Results): Promise<string> {
  return svgOf(specificationOf(results));
}

function specificationOf({ work, teacher, methods }: Results): TopLevelSpec {
  const trained = methods.filter(({ result }) => result !== undefined);
  const values = trained.flatMap(({ name, result }) =>
    (result?.students ?? []).map(({ test }) => ({ name, test, reads: methodNamed(name).reads })),
  );
  const meanOfMethod = (result: MethodResult | undefined): number =>
    meanOf((result?.students ?? []).map(({ test }) => test));
  const best = trained
    .toSorted((a, b) => meanOfMethod(b.result) - meanOfMethod(a.result))
    .map(({ name }) => name);
  const mean = meanOfMethod(methods.find(({ name }) => name === alone.name)?.result);
  const y = { field: 'name', type: 'nominal', sort: best, title: null, axis: { labelLimit: 260 } } as const;
  const x = { type: 'quantitative', title: 'test accuracy in %', scale: { zero: false } } as const;
  const color = { field: 'reads', type: 'nominal', title: 'compares', scale: { range: colours } } as const;
  const percent = teacher === undefined ? '' : `; the teacher reaches ${teacher.test.toFixed(1)} %`;
  return {
    title: `Students on ${work}, by method${percent}`,
    width: 520,
    background: 'white',
    data: { values },
    layer: [
      {
        mark: { type: 'rule', strokeDash: [4, 4], color: '#767676' },
        encoding: { x: { datum: mean, ...x } },
      },
      {
        mark: { type: 'tick', thickness: 3, size: 14 },
        encoding: { y, color, x: { ...x, field: 'test', aggregate: 'mean' } },
      },
      { mark: { type: 'point', size: 24 }, encoding: { y, color, x: { ...x, field: 'test' } } },
    ],
  };
}

// Colours of Okabe and Ito 2008, which people with any colour vision can tell apart.
const colours = ['#000000', '#0072B2', '#D55E00', '#009E73'];
