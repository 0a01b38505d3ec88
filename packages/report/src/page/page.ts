import { optionsOf, text } from '@kd/core';
import { testedModels } from '../models/read-models.js';
import type { TestedModels } from '../models/tested-models.js';
import type { ReportedRun } from '../reported-run.js';
import { escaped } from './html.js';
import { marksOf } from './marks.js';
import { modelsSections } from './models/models-sections.js';
import { runSections } from './run-sections.js';
import { readRuns } from './runs-option.js';
import { style } from './style.js';

/** Options of `page`. */
export interface PageOptions {
  /** The title of the page. */
  readonly title: string;
  /** What models answered on a test set. A model and a run of the same name share a colour. */
  readonly models?: TestedModels;
}

const where = 'page';
const pageOptions = optionsOf<PageOptions>()({
  title: text,
  models: testedModels.optional(),
});

/**
 * Draws runs and models as one HTML page that needs nothing else: no script, no network.
 *
 * For each stage of the runs it has learning curves by epoch: the total, the loss of each term, each
 * validation metric, each weight that changes, and the mean gradient norm, with one line for each run. A
 * table has the final numbers. For models it compares errors, calibration, size and time, and has a confusion
 * matrix and a reliability diagram of each, and their probabilities for chosen inputs. The page follows the
 * reader's choice of light or dark, and each chart has its numbers as text for those who do not see it.
 *
 * @param runs runs by name; may be empty if there are models
 * @param options the title, and the models with their answers to n test examples of N classes
 * @returns the text of the HTML file; the same runs and models give the same text
 * @throws (rejects) `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`; `KD_BATCH_EMPTY` with
 *   nothing to show; for models `KD_TENSOR_SHAPE`, `KD_DATA_LENGTH`, `KD_LABEL_RANGE`,
 *   `KD_CLASSES_MISMATCH`, `KD_PROBABILITY_RANGE`
 *
 * @example
 * ```ts
 * import { runOf } from '@kd/report';
 * import { page } from '@kd/report/page';
 * const logits = { values: [2, 0, 1, 0], shape: [2, 2] };
 * const models = { labels: [0, 1], answers: { student: { logits, bytes: 4000 } } };
 * const html = await page({ student: runOf([]) }, { title: 'Digits', models });
 * console.log(html.split('\n')[0], html.includes('<h1>Digits</h1>'), html.includes('student: 1 error<'));
 * // <!doctype html> true true
 * ```
 */
export async function page(
  runs: Readonly<Record<string, ReportedRun>>,
  options: PageOptions,
): Promise<string> {
  const { models, ...read } = pageOptions.read(where, options);
  const given = readRuns(where, runs, models !== undefined);
  const title = escaped(read.title);
  const names = [...(models?.models ?? []).map(({ name }) => name), ...Object.keys(given)];
  const marks = marksOf([...new Set(names)]);
  const sections = [
    ...(models === undefined ? [] : await modelsSections(models, marks)),
    ...(Object.keys(given).length === 0 ? [] : await runSections(given, marks)),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><h1>${title}</h1></header>
<main id="content" tabindex="-1">
${sections.join('\n')}
</main>
</body>
</html>
`;
}
