import { optionsOf, text } from '@kd/core';
import type { ReportedRun } from '../reported-run.js';
import { chartsOf, stagesByName } from './curves.js';
import type { Chart, StageOfRuns } from './curves.js';
import { draw } from './draw.js';
import { digits, escaped } from './html.js';
import { readRuns } from './runs-option.js';
import { style } from './style.js';
import { tableOf } from './table.js';

/** Options of `page`. */
export interface PageOptions {
  /** The title of the page. */
  readonly title: string;
}

const where = 'page';
const pageOptions = optionsOf<PageOptions>()({ title: text });

/**
 * Draws runs as one HTML page that needs nothing else: no script, no network.
 *
 * For each stage it has learning curves by epoch: the total, the loss of each term, each validation metric,
 * and the mean gradient norm, with one line for each run. A table has the final numbers. The page follows the
 * reader's choice of light or dark, and each chart has its numbers as text for those who do not see it.
 *
 * @param runs runs by name
 * @param options the title
 * @returns the text of the HTML file; the same runs give the same text
 * @throws (rejects) `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`; `KD_BATCH_EMPTY` without a run
 *
 * @example
 * ```ts
 * import { runOf } from '@kd/report';
 * import { page } from '@kd/report/page';
 * const html = await page({ student: runOf([]) }, { title: 'Digits' });
 * console.log(html.split('\n')[0], html.includes('<h1>Digits</h1>'));
 * // <!doctype html> true
 * ```
 */
export async function page(
  runs: Readonly<Record<string, ReportedRun>>,
  options: PageOptions,
): Promise<string> {
  const given = readRuns(where, runs);
  const title = escaped(pageOptions.read(where, options).title);
  const sections: string[] = [];
  for (const [name, stages] of stagesByName(given))
    sections.push(await sectionOf(name, stages, Object.keys(given)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<h2>Results</h2>
${tableOf(given)}
${sections.join('\n')}
</main>
</body>
</html>
`;
}

async function sectionOf(name: string, stages: StageOfRuns, runs: readonly string[]): Promise<string> {
  const figures: string[] = [];
  for (const chart of chartsOf(stages)) {
    const svg = (await draw(chart, runs)).replace(
      '<svg ',
      `<svg role="img" aria-label="${escaped(textOf(chart))}" `,
    );
    figures.push(`<figure><figcaption>${escaped(chart.title)}</figcaption>\n${svg}\n</figure>`);
  }
  return `<h2>Stage ${escaped(name)}</h2>\n<div class="charts">\n${figures.join('\n')}\n</div>`;
}

/** What a chart shows, in words. */
function textOf({ title, curves }: Chart): string {
  const lines = curves.flatMap(({ run, points }) => {
    const [first, last] = [points.at(0), points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const at = ({ epoch, value }: typeof first): string => `${digits(value)} in epoch ${String(epoch)}`;
    return [`${run} ${first === last ? at(first) : `from ${at(first)} to ${at(last)}`}`];
  });
  return `${title}: ${lines.join('; ')}.`;
}
