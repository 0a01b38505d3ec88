import type { TopLevelSpec } from 'vega-lite';
import { colours, svgOf } from '@kd-benchmarks/experiment/chart';

type Layers = Extract<TopLevelSpec, { readonly layer: unknown }>['layer'];

/** The axis of errors in per cent. */
interface ErrorAxis {
  readonly field: 'error';
  readonly type: 'quantitative';
  readonly title: string;
  readonly scale: { readonly type: 'log'; readonly nice: false };
  readonly axis: { readonly format: '~g' };
}

/** The axis of the field `error`. */
export function errorAxis(title: string): ErrorAxis {
  const scale = { type: 'log', nice: false } as const;
  return { field: 'error', type: 'quantitative', title, scale, axis: { format: '~g' } };
}

/** Errors in per cent of rows; none has no logarithm and is drawn as a half. */
export function percentOf(errors: number, rows: number): number {
  return (100 * Math.max(errors, 0.5)) / rows;
}

/** Draws a panel for each `panel` of the values, with a colour for each `line`: the text of an SVG file. */
export function panels(
  title: string,
  values: readonly { readonly panel: string; readonly line: string }[],
  layer: Layers,
): Promise<string> {
  const sort = (names: readonly string[]): string[] => [...new Set(names)];
  return svgOf({
    title,
    background: 'white',
    data: { values: [...values] },
    facet: { field: 'panel', type: 'nominal', title: null, sort: sort(values.map(({ panel }) => panel)) },
    columns: 2,
    spec: {
      width: 440,
      height: 320,
      encoding: {
        color: {
          field: 'line',
          type: 'nominal',
          title: null,
          sort: sort(values.map(({ line }) => line)),
          scale: { range: colours },
          legend: { labelLimit: 0, symbolOpacity: 1, symbolStrokeWidth: 2 },
        },
      },
      layer,
    },
  });
}
