import { learntPictures, shownModels } from '@kd-benchmarks/experiment';
import type { ShownModel } from '@kd-benchmarks/experiment';
import type { Digits } from '@kd-datasets/mnist';
import type { ModelAnswers, TestedModels } from '@kd/report';
import { saveModels } from '@kd/report/node';
import { reportFolder } from '@kd/report/page';
import type { Trained } from './experiment.js';
import type { Row } from './table.js';

/** A model of the page, and its size. */
export interface Shown {
  readonly trained: Trained;
  readonly size: Pick<Row, 'parameters' | 'millisecondsPerImage'>;
}

const classes = 10;

/**
 * Keeps the answers of the models to the test digits beside the events of their trainings, and draws both as
 * a page. Returns its path.
 */
export async function writePage(
  shown: Readonly<Record<ShownModel, Shown>>,
  digits: Digits,
  temperature: number,
  out: string,
): Promise<string> {
  const answers = (Object.keys(shownModels) as ShownModel[]).map(
    (key) => [shownModels[key], answersOf(shown[key], digits.size)] as const,
  );
  const logits = {
    teacher: logitsOf(shown.teacher),
    alone: logitsOf(shown.alone),
    distilled: logitsOf(shown.distilled),
  };
  const models: TestedModels = { labels: digits.labels, answers: Object.fromEntries(answers) };
  await saveModels(out, { ...models, pictures: learntPictures(digits, logits, temperature) });
  return (await reportFolder(out, { title: 'Distillation of a digit classifier' })).file;
}

function answersOf(model: Shown, digits: number): ModelAnswers {
  const { parameters, millisecondsPerImage } = model.size;
  return {
    logits: { values: logitsOf(model), shape: [digits, classes] },
    parameters,
    bytes: 4 * parameters,
    millisecondsPerExample: millisecondsPerImage,
  };
}

function logitsOf({ trained: { outcome } }: Shown): Float32Array {
  return outcome.testLogits ?? new Float32Array();
}
