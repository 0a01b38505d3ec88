import type { Chart } from './curves.js';
import { chartWidth } from './draw.js';
import type { Drawing } from './draw.js';
import { digits } from './html.js';
import { scalesOf } from './marks.js';
import type { Mark } from './marks.js';

const mostDots = 30;

/** A line for each run. */
export function lineChart({ title, curves }: Chart, marks: ReadonlyMap<string, Mark>): Drawing {
  const drawn = curves.filter(({ points }) => points.length > 0);
  const values = drawn.flatMap(({ run, points }) => points.map((point) => ({ run, ...point })));
  const longest = Math.max(...drawn.map(({ points }) => points.length));
  const scales = scalesOf(
    marks,
    drawn.map(({ run }) => run),
  );
  const mark = { field: 'run', type: 'nominal', legend: null } as const;
  const color = { ...mark, scale: scales.color };
  return {
    text: textOf({ title, curves: drawn }),
    chart: {
      width: chartWidth,
      height: 220,
      data: { values },
      encoding: {
        x: {
          field: 'epoch',
          type: 'quantitative',
          title: 'epoch',
          scale: { zero: false, nice: false },
          axis: { format: 'd', tickMinStep: 1, tickCount: 8, labelFlush: true },
        },
        y: {
          field: 'value',
          type: 'quantitative',
          title: null,
          scale: scaleOf(values.map(({ value }) => value)),
          axis: { tickCount: 5 },
        },
      },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 2 },
          encoding: { color, strokeDash: { ...mark, scale: scales.strokeDash } },
        },
        ...(longest > mostDots
          ? []
          : [
              {
                mark: { type: 'point' as const, filled: true, opacity: 1, size: 28 },
                encoding: { color, shape: { ...mark, scale: scales.shape } },
              },
            ]),
      ],
    },
  };
}

/** A flat curve lies in the middle; by itself, Vega would take a range without a height. */
function scaleOf(values: readonly number[]): { zero: false; domain?: [number, number] } {
  const [value = 0] = values;
  const half = Math.abs(value) / 2 || 1;
  const isFlat = values.every((other) => other === value);
  return { zero: false, ...(isFlat && { domain: [value - half, value + half] }) };
}

function textOf({ title, curves }: Chart): string {
  const lines = curves.flatMap(({ run, points }) => {
    const [first, last] = [points.at(0), points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const at = ({ epoch, value }: typeof first): string => `${digits(value)} in epoch ${String(epoch)}`;
    return [`${run} ${first === last ? at(first) : `from ${at(first)} to ${at(last)}`}`];
  });
  return `${title}: ${lines.join('; ')}.`;
}
