import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import type { TopLevelSpec } from 'vega-lite';
import { compact } from './compact.js';
import { escaped } from './html.js';

/** A chart as Vega-Lite describes it, and the same in words for those who do not see it. */
export interface Drawing {
  readonly chart: TopLevelSpec;
  readonly text: string;
}

/** The width of most charts, with everything in them: a phone shows them without scaling. */
export const chartWidth = 330;

// That of the page, so that the text elements need not say it.
const font = 'system-ui, sans-serif';

/** Draws a chart as the text of an SVG element. */
export async function draw({ chart, text }: Drawing): Promise<string> {
  const ink = 'currentColor';
  const view = new View(
    parse(
      compile({
        ...chart,
        autosize: { type: 'fit', contains: 'padding' },
        background: 'transparent',
        padding: 4,
        config: {
          // The page has the text for all of it.
          aria: false,
          font,
          axis: {
            ...{ labelColor: ink, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: ink },
            ...{ labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal' },
            gridOpacity: 0.15,
            domainOpacity: 0.4,
            tickOpacity: 0.4,
          },
          view: { stroke: 'transparent' },
        },
      }).spec,
    ),
    { renderer: 'none' },
  );
  try {
    const svg = compact(await view.toSVG(), font);
    return svg.replace('<svg ', `<svg role="img" aria-label="${escaped(text)}" `);
  } finally {
    view.finalize();
  }
}
