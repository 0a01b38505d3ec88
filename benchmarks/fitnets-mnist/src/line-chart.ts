import { parse, resetSVGDefIds, View } from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import { logTicks } from './log-ticks.js';
import type { Line, SpreadPoint } from './spread.js';

/** A line chart of errors in per cent on a logarithmic axis. */
export interface LineChartOptions {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Which points get a dot: all, or the lowest of each line. */
  readonly dots: 'all' | 'lowest';
  /** How to draw ranges: as a band along the line, or as a bar at each point. */
  readonly range: 'band' | 'bars';
  /** Positions of the ticks of the x axis; default: round numbers. */
  readonly xTicks?: readonly number[];
}

// Colours of Okabe and Ito 2008, which people with any colour vision can tell apart. Lines also differ in
// their dashes, for print without colours.
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'];

/** Draws lines as the text of an SVG file. The same lines give the same text. */
export async function lineChart(lines: readonly Line[], options: LineChartOptions): Promise<string> {
  // Vega numbers the clip paths of all charts in a process.
  resetSVGDefIds();
  const view = new View(parse(compile(specificationOf(lines, options)).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function specificationOf(lines: readonly Line[], options: LineChartOptions): TopLevelSpec {
  const { title, xTitle, yTitle, dots, range, xTicks } = options;
  const values = lines.flatMap(({ name, points }) => {
    const lowest = Math.min(...points.map(({ mean }) => mean));
    return points.map((point) => ({ name, dot: dots === 'all' || point.mean === lowest, ...point }));
  });
  const ticks = logTicks(values.flatMap((point) => [point.lowest, point.highest]));
  const names = lines.map(({ name }) => name);
  const domain = [ticks[0] ?? 1, ticks.at(-1) ?? 100];
  const y = (field: keyof SpreadPoint) =>
    ({
      field,
      type: 'quantitative',
      title: yTitle,
      scale: { type: 'log', domain, clamp: true },
      axis: { values: ticks, format: '~g' },
    }) as const;
  return {
    title,
    width: 640,
    height: 400,
    background: 'white',
    data: { values },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: xTitle,
        scale: { zero: false, nice: false },
        axis: { format: 'd', tickMinStep: 1, labelFlush: false, ...(xTicks && { values: [...xTicks] }) },
      },
      color: {
        field: 'name',
        type: 'nominal',
        title: null,
        scale: { domain: names, range: colours },
        legend: {
          symbolType: 'stroke',
          symbolSize: 600,
          symbolStrokeWidth: 2,
          symbolOpacity: 1,
          labelLimit: 0,
        },
      },
    },
    layer: [
      {
        mark: range === 'band' ? { type: 'area', opacity: 0.2, aria: false } : { type: 'rule', aria: false },
        encoding: { y: y('lowest'), y2: { field: 'highest' } },
      },
      {
        mark: { type: 'line', strokeWidth: 2 },
        encoding: { y: y('mean'), strokeDash: { field: 'name', type: 'nominal', title: null, sort: names } },
      },
      {
        transform: [{ filter: 'datum.dot' }],
        mark: { type: 'point', filled: true, size: 60, opacity: 1 },
        encoding: { y: y('mean') },
      },
    ],
  };
}
