import { confusionMatrix } from '../../models/confusion-matrix.js';
import type { MeasuredModel } from '../../models/measured-model.js';
import type { ReadModels } from '../../models/read-models.js';
import { draw } from '../draw.js';
import { htmlTable } from '../html-table.js';
import { counted, details, figure, paragraph, scrolling, section } from '../html.js';
import { confusionChart } from './confusion-chart.js';

// Beyond that, counts are too small to read, and tables too large for a page.
const mostClasses = 20;
const mostPairs = 15;

/** The section on what each model takes for what. */
export async function confusionsSection(models: readonly MeasuredModel[], read: ReadModels): Promise<string> {
  const isSmall = read.classes.length <= mostClasses;
  const figures: string[] = [];
  for (const model of models)
    figures.push(isSmall ? await matrixOf(model, read) : mostFrequent(model, read.classes));
  return section('Confusions', [
    paragraph(
      isSmall
        ? 'Rows are the labels, columns the answers. Blue: correct. Orange: wrong, the stronger the more often.'
        : `The ${String(mostPairs)} most frequent confusions of each model.`,
    ),
    `<div class="charts">\n${figures.join('\n')}\n</div>`,
  ]);
}

async function matrixOf(model: MeasuredModel, { labels, classes }: ReadModels): Promise<string> {
  const { name, predictions, errors } = model;
  const label = `Confusion matrix of ${name}`;
  const svg = await draw(confusionChart(model, classes));
  const table = htmlTable({
    label: `${label}, as a table`,
    caption: `${label}: a row for each label, a column for each answer.`,
    columns: ['label', ...classes],
    texts: 1,
    rows: confusionMatrix(labels, predictions, classes.length).map((row, id) => [
      classes[id] ?? '',
      ...row.map(counted),
    ]),
  });
  const chart = classes.length <= 10 ? svg : scrolling(`${label}, chart`, svg);
  return figure(
    `${name}: ${counted(errors)} ${errors === 1 ? 'error' : 'errors'}`,
    chart,
    details('As a table', table),
  );
}

function mostFrequent({ name, confusions, errors }: MeasuredModel, classes: readonly string[]): string {
  const wrong = confusions.filter(({ label, predicted }) => label !== predicted).slice(0, mostPairs);
  const table = htmlTable({
    label: `Confusions of ${name}`,
    caption: `What ${name} confuses most often.`,
    columns: ['label', 'answer', 'times'],
    texts: 2,
    rows: wrong.map(({ label, predicted, count }) => [
      classes[label] ?? '',
      classes[predicted] ?? '',
      counted(count),
    ]),
  });
  return figure(`${name}: ${counted(errors)} ${errors === 1 ? 'error' : 'errors'}`, table);
}
