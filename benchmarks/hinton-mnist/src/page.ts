import { join } from 'node:path';
import { deserialize } from 'node:v8';
import { learntPictures, shownModels } from '@kd-benchmarks/experiment';
import type { ShownModel } from '@kd-benchmarks/experiment';
import { keptIn } from '@kd-benchmarks/experiment/parts';
import { loadDigits } from '@kd-datasets/mnist';
import { saveModels } from '@kd/report/node';
import { reportFolder } from '@kd/report/page';
import { countParameters } from './net.js';
import type { Job } from './job.js';
import type { Settings } from './settings.js';

const classes = 10;

/** Where a job leaves its logits for the test digits, serialized. */
export function fileOfLogits({ folder, name }: NonNullable<Job['shown']>): string {
  return join(folder, `${name}.logits`);
}

/**
 * Draws the page of the first seed, from what its trainings have left in a folder.
 *
 * @returns whether all of them have
 */
export async function drawPage(folder: string, out: string, settings: Settings): Promise<boolean> {
  const logits = await logitsIn(folder);
  if (logits === undefined) return false;
  const digits = await loadDigits('t10k');
  const answers = (Object.keys(shownModels) as ShownModel[]).map((key) => {
    const parameters = countParameters(key === 'teacher' ? settings.teacher.units : settings.units[0]);
    const values = { values: logits[key], shape: [digits.size, classes] };
    return [shownModels[key], { logits: values, parameters, bytes: 4 * parameters }] as const;
  });
  await saveModels(folder, {
    labels: digits.labels,
    answers: Object.fromEntries(answers),
    pictures: learntPictures(digits, logits, settings.temperature),
  });
  await reportFolder(folder, { out, title: 'Hinton 2015 on MNIST, first seed' });
  return true;
}

/** Undefined if any of them is missing. */
async function logitsIn(folder: string): Promise<Record<ShownModel, Float32Array> | undefined> {
  const read = (name: string): Promise<Float32Array | undefined> =>
    keptIn('hinton-mnist', fileOfLogits({ folder, name }), (bytes) => deserialize(bytes) as Float32Array);
  const teacher = await read(shownModels.teacher);
  const alone = await read(shownModels.alone);
  const distilled = await read(shownModels.distilled);
  return teacher && alone && distilled && { teacher, alone, distilled };
}
