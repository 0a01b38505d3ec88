import type { MeasuredModel } from '../../models/measured-model.js';
import { draw } from '../draw.js';
import { htmlTable } from '../html-table.js';
import { counted, details, digits, figure, paragraph, section } from '../html.js';
import type { Mark } from '../marks.js';
import { reliabilityChart } from './reliability-chart.js';

/** The section on whether each model is right as often as it is sure. */
export async function calibrationSection(
  models: readonly MeasuredModel[],
  marks: ReadonlyMap<string, Mark>,
): Promise<string> {
  const figures: string[] = [];
  for (const model of models) {
    const { name, calibrationError } = model;
    const svg = await draw(reliabilityChart(model, marks.get(name)?.colour ?? 'currentColor'));
    figures.push(
      figure(`${name}: ECE ${calibrationError.toFixed(4)}`, svg, details('As a table', tableOf(model))),
    );
  }
  return section('Calibration', [
    paragraph(
      'A model is calibrated if it is right as often as it is confident: bars end on the dashed line. Below it, the model is too sure. The stronger a bar, the more examples it holds. ECE is the expected calibration error with 15 bins of equal width.',
    ),
    `<div class="charts">\n${figures.join('\n')}\n</div>`,
  ]);
}

function tableOf({ name, bins }: MeasuredModel): string {
  return htmlTable({
    label: `Calibration of ${name}, as a table`,
    caption: `Calibration of ${name} by confidence.`,
    columns: ['confidence', 'examples', 'mean confidence', 'accuracy'],
    texts: 1,
    rows: bins.map(({ from, to, count, confidence, accuracy }) => [
      `${from.toFixed(3)} to ${to.toFixed(3)}`,
      counted(count),
      digits(confidence),
      digits(accuracy),
    ]),
  });
}
