import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import type { Chart } from './curves.js';

/** The colours of runs, as the style sheet of the page defines them for light and for dark. */
export const colours: readonly string[] = Array.from(
  { length: 6 },
  (_, at) => `var(--run-${String(at + 1)})`,
);

const mostDots = 30;

/** Draws a chart as the text of an SVG element. `runs` gives each run the same colour in all charts. */
export async function draw(chart: Chart, runs: readonly string[]): Promise<string> {
  const view = new View(parse(compile(specificationOf(chart, runs)).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function specificationOf({ title, curves }: Chart, runs: readonly string[]): TopLevelSpec {
  const values = curves.flatMap(({ run, points }) => points.map((point) => ({ run, ...point })));
  const longest = Math.max(...curves.map(({ points }) => points.length));
  const ink = 'currentColor';
  const axis = { labelColor: ink, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: ink };
  return {
    width: 400,
    height: 240,
    background: 'transparent',
    // The page has the text for all of it.
    config: {
      aria: false,
      font: 'system-ui, sans-serif',
      axis: { ...axis, gridOpacity: 0.15 },
      legend: { labelColor: ink, labelLimit: 0 },
      view: { stroke: 'transparent' },
    },
    data: { values },
    mark: { type: 'line', strokeWidth: 2, point: longest <= mostDots },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: 'epoch',
        scale: { zero: false, nice: false },
        axis: { format: 'd', tickMinStep: 1 },
      },
      y: { field: 'value', type: 'quantitative', title, scale: { zero: false } },
      color: {
        field: 'run',
        type: 'nominal',
        title: null,
        scale: { domain: [...runs], range: [...colours] },
        legend: runs.length === 1 ? null : { orient: 'bottom', symbolType: 'stroke', symbolSize: 400 },
      },
      // For those who cannot tell the colours apart.
      strokeDash: {
        field: 'run',
        type: 'nominal',
        title: null,
        scale: { domain: [...runs] },
        legend: runs.length === 1 ? null : {},
      },
    },
  };
}
