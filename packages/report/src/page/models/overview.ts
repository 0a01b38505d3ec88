import type { MeasuredModel } from '../../models/measured-model.js';
import { draw } from '../draw.js';
import { htmlTable } from '../html-table.js';
import { counted, digits, figure, section } from '../html.js';
import { legend } from '../marks.js';
import type { Mark } from '../marks.js';
import { costChart } from './cost-chart.js';
import type { Cost } from './cost-chart.js';

/** The section that compares errors and costs of all models. */
export async function overviewSection(
  models: readonly MeasuredModel[],
  examples: number,
  marks: ReadonlyMap<string, Mark>,
): Promise<string> {
  const hasBytes = models.some(({ bytes }) => bytes !== undefined);
  const size: Cost = hasBytes
    ? { title: 'bytes', format: '~s', of: ({ bytes }) => bytes }
    : { title: 'parameters', format: '~s', of: ({ parameters }) => parameters };
  const latency: Cost = { title: 'ms per example', of: (model) => model.millisecondsPerExample };
  const figures: string[] = [];
  for (const [title, cost] of [
    ['Errors against size', size],
    ['Errors against time', latency],
  ] as const) {
    const drawing = costChart(models, examples, cost, marks);
    if (drawing !== undefined) figures.push(figure(title, await draw(drawing)));
  }
  return section('Models', [
    htmlTable({
      label: 'Models',
      caption: `Answers to ${counted(examples)} test examples. ECE is the expected calibration error.`,
      columns: ['model', 'errors', 'errors in %', 'ECE', 'parameters', 'bytes', 'ms per example'],
      texts: 1,
      rows: models.map((model) => [
        model.name,
        counted(model.errors),
        ((100 * model.errors) / examples).toFixed(2),
        model.calibrationError.toFixed(4),
        counted(model.parameters),
        counted(model.bytes),
        digits(model.millisecondsPerExample, 3),
      ]),
    }),
    ...(figures.length === 0
      ? []
      : [
          legend(
            marks,
            models.map(({ name }) => name),
          ),
          `<div class="charts">\n${figures.join('\n')}\n</div>`,
        ]),
  ]);
}
