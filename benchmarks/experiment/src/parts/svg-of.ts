import { parse, resetSVGDefIds, View } from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';

/** Draws a chart as the text of an SVG file. The same chart gives the same text. */
export async function svgOf(chart: TopLevelSpec): Promise<string> {
  // Vega numbers the clip paths of all charts in a process.
  resetSVGDefIds();
  const view = new View(parse(compile(chart).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Colours of Okabe and Ito 2008, which people with any colour vision can tell apart. */
export const colours: string[] = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
];
