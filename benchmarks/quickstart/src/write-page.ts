import { pixels } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import type { ModelAnswers, TestedModels, TestPictures } from '@kd/report';
import { saveModels } from '@kd/report/node';
import { reportFolder } from '@kd/report/page';
import { shownModels } from './experiment.js';
import type { Trained } from './experiment.js';
import type { Row } from './table.js';

/** A model of the page, and its size. */
export interface Shown {
  readonly trained: Trained;
  readonly size: Pick<Row, 'parameters' | 'millisecondsPerImage'>;
}

const pictures = 6;
const classes = 10;

/**
 * Keeps the answers of the models to the test digits beside the events of their trainings, and draws both as
 * a page. Returns its path.
 */
export async function writePage(
  shown: Readonly<Record<keyof typeof shownModels, Shown>>,
  digits: Digits,
  temperature: number,
  out: string,
): Promise<string> {
  const answers = Object.entries(shownModels).map(([key, name]) => {
    const { trained, size } = shown[key as keyof typeof shownModels];
    return [name, answersOf(trained, size, digits.size)] as const;
  });
  const models: TestedModels = { labels: digits.labels, answers: Object.fromEntries(answers) };
  await saveModels(out, { ...models, pictures: picturesOf(models, digits, temperature) });
  return (await reportFolder(out, { title: 'Distillation of a digit classifier' })).file;
}

function answersOf(
  { outcome }: Trained,
  { parameters, millisecondsPerImage }: Shown['size'],
  size: number,
): ModelAnswers {
  return {
    logits: { values: outcome.testLogits ?? new Float32Array(), shape: [size, classes] },
    parameters,
    bytes: 4 * parameters,
    millisecondsPerExample: millisecondsPerImage,
  };
}

/** The first digits that the distilled student has learnt from the teacher; without any, the first digits. */
function picturesOf(
  { answers }: TestedModels,
  { images, labels, size }: Digits,
  temperature: number,
): TestPictures {
  const isRight = (name: string, row: number): boolean => {
    const scores = answers[name]?.logits?.values.slice(row * classes, (row + 1) * classes) ?? [];
    return scores.indexOf(Math.max(...scores)) === labels[row];
  };
  const all = Array.from({ length: size }, (_, row) => row);
  const learnt = all.filter(
    (row) =>
      isRight(shownModels.teacher, row) &&
      isRight(shownModels.distilled, row) &&
      !isRight(shownModels.alone, row),
  );
  const rows = (learnt.length === 0 ? all : learnt).slice(0, pictures);
  const values = new Float32Array(rows.length * pixels);
  rows.forEach((row, index) => {
    values.set(images.subarray(row * pixels, (row + 1) * pixels), index * pixels);
  });
  return {
    rows,
    images: { values, shape: [rows.length, 28, 28] },
    temperature,
    chosen:
      learnt.length === 0
        ? 'The first test digits.'
        : `The first of ${String(learnt.length)} test digits that the teacher and the distilled student get right and the student alone gets wrong.`,
  };
}
