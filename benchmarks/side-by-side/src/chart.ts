import { svgOf } from '@kd-benchmarks/experiment/chart';
import type { TopLevelSpec } from 'vega-lite';
import { relativeDifferences } from './difference.js';
import type { Agreement } from './results.js';
import { runsOf } from './runs-of.js';
import { nameOf } from './runs.js';
import type { Part, Run } from './runs.js';

const axes = {
  loss: { title: 'loss', scale: { zero: false } },
  difference: {
    title: 'relative difference of the loss',
    scale: { type: 'log' },
    axis: { format: '.0e', tickCount: 6 },
  },
} as const;

/** The loss of every run at each step: the text of an SVG file. */
export function curves(agreement: Agreement): Promise<string> {
  return drawn(agreement, 'loss', (run) => lossesOf(agreement, nameOf(run)));
}

/** How far the losses of every run are from those it is compared with, on a logarithmic axis. */
export function differenceCurves(agreement: Agreement): Promise<string> {
  return drawn(agreement, 'difference', (run) => {
    if (run.against === undefined) return [];
    return relativeDifferences(lossesOf(agreement, nameOf(run)), lossesOf(agreement, run.against));
  });
}

function lossesOf({ runs }: Agreement, wanted: string): readonly number[] {
  return runs.find(({ name }) => name === wanted)?.losses ?? [];
}

const charts: readonly { readonly part: Part; readonly title: string }[] = [
  { part: 'sgd', title: 'same recipe, SGD, tanh' },
  { part: 'adam', title: 'same recipe, Adam, tanh' },
  { part: 'relu', title: 'same recipe, SGD, ReLU' },
  { part: 'differences', title: 'other formulas' },
];

async function drawn(
  { settings }: Agreement,
  field: keyof typeof axes,
  valuesOf: (run: Run) => readonly number[],
): Promise<string> {
  const concat = charts.map(({ part, title }) => {
    const runs = runsOf(settings).filter((run) => run.part === part);
    const range = runs.map(({ title }, place) => ({ title, colour: colours[place] }));
    const color = {
      datum: '',
      scale: { domain: range.map(({ title }) => title), range: range.map(({ colour }) => colour) },
      legend: { orient: 'bottom', direction: 'vertical', title: null, labelLimit: 0 },
    };
    // Lines that lie on each other stay visible because those above are thinner.
    const thinner = part === 'differences' ? 0 : field === 'loss' ? 1.2 : 0.5;
    const layer = runs.map((run, place) => ({
      data: { values: pointsOf(valuesOf(run), field) },
      mark: { type: 'line', strokeWidth: 1.2 + thinner * (runs.length - 1 - place) },
      encoding: {
        x: { field: 'step', type: 'quantitative', title: 'step' },
        y: { field, type: 'quantitative', ...axes[field] },
        color: { ...color, datum: run.title },
      },
    }));
    return { title, width: 300, height: 240, layer };
  });
  const resolve = { scale: { color: 'independent' } };
  return svgOf({ background: 'white', columns: 2, concat, resolve } as TopLevelSpec);
}

/** The points of a line. Equal losses, whose difference is 0, have no place on a logarithmic axis. */
function pointsOf(values: readonly number[], field: keyof typeof axes): object[] {
  return values.flatMap((value, index) =>
    field === 'loss' || value > 0 ? [{ step: index + 1, [field]: value }] : [],
  );
}

// Colours of Okabe and Ito 2008, which people with any colour vision can tell apart.
const colours = ['#000000', '#E69F00', '#56B4E9', '#009E73', '#D55E00', '#CC79A7'];
