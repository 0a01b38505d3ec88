import type { ReadModels } from '../../models/read-models.js';
import type { TestPictures } from '../../models/tested-models.js';
import { draw } from '../draw.js';
import { htmlTable } from '../html-table.js';
import { details, escaped, figure, paragraph, section } from '../html.js';
import { legend } from '../marks.js';
import type { Mark } from '../marks.js';
import { pngAddress } from './png.js';
import { softAnswerChart } from './soft-answer-chart.js';
import type { SoftAnswer } from './soft-answer-chart.js';

// Of more classes, those that the models find most likely.
const mostClasses = 10;

/** The section with pictures and what each model thinks of all classes, softened. */
export async function softAnswersSection(
  read: ReadModels,
  pictures: TestPictures,
  marks: ReadonlyMap<string, Mark>,
): Promise<string> {
  const figures: string[] = [];
  for (const index of pictures.rows.keys()) figures.push(await figureOf(read, pictures, index, marks));
  const { temperature, chosen } = pictures;
  return section('Soft answers', [
    paragraph(
      `Probabilities at temperature ${String(temperature)}: how much each wrong class resembles the right one, which labels do not say.${chosen === undefined ? '' : ` ${chosen}`}`,
    ),
    legend(
      marks,
      read.models.map(({ name }) => name),
    ),
    `<div class="charts">\n${figures.join('\n')}\n</div>`,
  ]);
}

async function figureOf(
  read: ReadModels,
  pictures: TestPictures,
  index: number,
  marks: ReadonlyMap<string, Mark>,
): Promise<string> {
  const row = pictures.rows[index] ?? 0;
  const label = read.classes[read.labels[row] ?? 0] ?? '';
  const title = `${label} (test example ${String(row)})`;
  const answers = answersTo(read, row, pictures.temperature);
  const svg = await draw(softAnswerChart(title, answers, read.models, marks));
  return figure(
    title,
    `${imageOf(pictures, index, title)}\n${svg}`,
    details('As a table', tableOf(title, answers, read)),
  );
}

function answersTo({ models, classes }: ReadModels, row: number, temperature: number): SoftAnswer[] {
  const all = models.map((model) => ({ name: model.name, probabilities: model.at(row, temperature) }));
  const sums = classes.map((name, id) => ({
    ...{ name, id },
    sum: all.reduce((sum, { probabilities }) => sum + (probabilities[id] ?? 0), 0),
  }));
  const shown =
    classes.length <= mostClasses ? sums : sums.sort((a, b) => b.sum - a.sum).slice(0, mostClasses);
  return shown.flatMap((one) =>
    all.map(({ name, probabilities }) => ({
      ...{ name, class: one.name },
      probability: probabilities[one.id] ?? 0,
    })),
  );
}

function imageOf({ images }: TestPictures, index: number, title: string): string {
  const [, height = 1, width = 1, channels = 1] = images.shape;
  const size = height * width * channels;
  const values = images.values.slice(index * size, (index + 1) * size);
  const address = pngAddress(values, { height, width, channels });
  return `<img src="${address}" width="${String(width)}" height="${String(height)}" alt="${escaped(title)}">`;
}

function tableOf(title: string, answers: readonly SoftAnswer[], { models }: ReadModels): string {
  const names = models.map(({ name }) => name);
  const classes = [...new Set(answers.map((answer) => answer.class))];
  return htmlTable({
    label: `Probabilities of ${title}, as a table`,
    caption: `Probabilities of ${title}.`,
    columns: ['class', ...names],
    texts: 1,
    rows: classes.map((name) => [
      name,
      ...names.map((model) => {
        const answer = answers.find((one) => one.class === name && one.name === model);
        return (answer?.probability ?? 0).toFixed(4);
      }),
    ]),
  });
}
