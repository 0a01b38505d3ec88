import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meanOf, millisecondsPerImage } from '@kd-benchmarks/experiment';
import type { Experiment, Trained } from './experiment.js';
import { loadDigits } from '@kd-datasets/mnist';
import chosen from './chosen.json' with { type: 'json' };
import { perceptron } from './models.js';
import type { Options } from './options.js';
import { saveModel } from './save-model.js';
import { largestTransferSize } from './split.js';
import { drawTable } from './table.js';
import type { Row } from './table.js';
import { writePage } from './write-page.js';

/**
 * Prints the table, saves the student with the best validation accuracy, and writes `result.json` and the
 * page.
 */
export async function report(
  experiment: Experiment,
  { out, transferSize, temperature = chosen.distilled.temperature }: Options,
  backend: string,
  seconds: () => number,
): Promise<void> {
  const { teacher, teacherOnTransferSet, alone, distilled, distilledFromTransferSet } = experiment;
  const best = distilled.reduce((a, b) =>
    b.outcome.validationAccuracy > a.outcome.validationAccuracy ? b : a,
  );
  const [large, small] = [await sizeOf(teacher), await sizeOf(best)];
  const digits = (count: number): string => `${count.toLocaleString('en-US')} digits`;
  const transfer = digits(transferSize);
  const rows: Row[] = [
    { name: 'teacher', learnsFrom: digits(largestTransferSize), errors: errorsOf([teacher]), ...large },
    { name: 'student alone', learnsFrom: transfer, errors: errorsOf(alone), ...small },
    { name: 'student distilled', learnsFrom: `${transfer} + teacher`, errors: errorsOf(distilled), ...small },
    { name: 'teacher 2', learnsFrom: transfer, errors: errorsOf([teacherOnTransferSet]), ...large },
    {
      name: 'student distilled',
      learnsFrom: `${transfer} + teacher 2`,
      errors: errorsOf(distilledFromTransferSet),
      ...small,
    },
  ];
  const ratio = (trained: readonly Trained[]): string =>
    (meanOf(errorsOf(trained)) / meanOf(errorsOf(alone))).toFixed(2);
  const folder = join(out, 'student');
  await saveModel(best.job.perceptron, best.outcome.weights, folder);
  const result = {
    teacher: { errors: teacher.outcome.testErrors, parameters: large.parameters },
    student: { errors: errorsOf(alone), parameters: small.parameters },
    distilled: { errors: errorsOf(distilled) },
    teacherOnTransferSet: { errors: teacherOnTransferSet.outcome.testErrors },
    distilledFromTransferSet: { errors: errorsOf(distilledFromTransferSet) },
    seconds: seconds(),
    backend,
  };
  await writeFile(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  const [firstAlone = best, firstDistilled = best] = [alone[0], distilled[0]];
  const page = await writePage(
    {
      teacher: { trained: teacher, size: large },
      alone: { trained: firstAlone, size: small },
      distilled: { trained: firstDistilled, size: small },
    },
    await loadDigits('t10k'),
    temperature,
    out,
  );
  console.log(drawTable(rows));
  console.log(`The distilled student makes ${ratio(distilled)} times as many errors as the student alone;`);
  console.log(`${ratio(distilledFromTransferSet)} times with teacher 2, which saw only the transfer set.`);
  console.log(`${String(result.seconds)} s. The student is a plain tfjs model in ${folder}.`);
  console.log(`Curves, confusions and calibration are in ${page}`);
}

function errorsOf(trained: readonly Trained[]): number[] {
  return trained.map(({ outcome }) => outcome.testErrors);
}

async function sizeOf({ job }: Trained): Promise<Pick<Row, 'parameters' | 'millisecondsPerImage'>> {
  const model = perceptron(job.perceptron);
  const size = {
    parameters: model.countParams(),
    millisecondsPerImage: await millisecondsPerImage(model, await loadDigits('t10k')),
  };
  model.dispose();
  return size;
}
