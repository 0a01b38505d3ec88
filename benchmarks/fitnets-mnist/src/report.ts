import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { millisecondsPerImage, writeWeights } from '@kd-benchmarks/experiment';
import { loadDigits } from '@kd-datasets/mnist';
import { learningCurves } from './curves.js';
import type { Job } from './job.js';
import { net } from './models.js';
import { multiplicationsOf } from './multiplications.js';
import { armNames } from './settings.js';
import type { Settings } from './settings.js';
import { drawTable } from './table.js';
import type { Row } from './table.js';
import type { Trained, TrainedModels } from './train-all.js';

// Test errors in per cent from Romero et al. 2015, table 4, which does not contain joint hints and KD.
const published: Readonly<Record<string, string>> = {
  teacher: '0.55',
  [armNames[0]]: '1.9',
  [armNames[1]]: '0.65',
  [armNames[3]]: '0.51',
};

/** Prints the table, and writes `result.json` and the learning curves. */
export async function report(
  { teacher, students }: TrainedModels,
  { arms, validation, teaching, transfer }: Settings,
  out: string,
  run: { readonly backend: string; readonly seconds: number },
): Promise<void> {
  // The students come arm by arm.
  const seeds = students.length / arms.length;
  const trainedBy = (arm: number): readonly Trained[] => students.slice(arm * seeds, (arm + 1) * seeds);
  const [large, thin] = [await sizeOf(teacher), await sizeOf(students[0] as Trained)];
  const rowOf = (name: string, trained: readonly Trained[], size: typeof large): Row => ({
    name,
    testErrors: trained.map(({ outcome }) => outcome.testErrors),
    validationErrors: trained.map(({ outcome }) => outcome.bestValidationError),
    published: published[name] ?? '',
    ...size,
  });
  const rows = [
    rowOf('teacher', [teacher], large),
    ...arms.map(({ name }, arm) => rowOf(name, trainedBy(arm), thin)),
  ];
  const curves = arms.map(({ name, teaching: { hints } = {} }, arm) => ({
    name,
    runs: trainedBy(arm).map(({ outcome }) => outcome.validationErrors),
    epochsBefore: hints?.stage?.epochs ?? 0,
  }));
  const title = 'Four ways to train a deep, thin student';
  await writeFile(join(out, 'learning-curves.svg'), await learningCurves(curves, { title }));
  const result = { rows, curves, digits: { validation, teaching, transfer }, ...run };
  await writeFile(join(out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(drawTable(rows));
  console.log(`${String(run.seconds)} s. Curves: ${join(out, 'learning-curves.svg')}.`);
}

async function sizeOf({
  job,
  outcome,
}: Trained): Promise<Pick<Row, 'parameters' | 'multiplications' | 'millisecondsPerImage'>> {
  const model = modelOf(job);
  writeWeights(model, outcome.weights);
  const size = {
    parameters: model.countParams(),
    multiplications: multiplicationsOf(model),
    millisecondsPerImage: await millisecondsPerImage(model, await loadDigits('t10k')),
  };
  model.dispose();
  return size;
}

function modelOf({ plan, seed }: Job): ReturnType<typeof net> {
  return net(plan, { seed });
}
