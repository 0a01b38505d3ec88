import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { dispose, softmax, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { applyBiasOffsets, fitBiasOffsets } from '@kd/bias-correction';
import { replaceFile } from '@kd/files';
import { checkpointDirectory } from '@kd/trainer/node';
import type { Digits } from '@kd-datasets/mnist';
import { logitsOf, readWeights, writeWeights } from '@kd-benchmarks/experiment';
import type { Weights } from '@kd-benchmarks/experiment';
import { wrongRows } from '@kd-benchmarks/experiment/parts';
import { digitsOf } from './digits.js';
import { settingsOf } from './job.js';
import type { Job, Lesson, Outcome, Result } from './job.js';
import { net } from './net.js';
import { fileOfLogits } from './page.js';
import { trainNet } from './train-net.js';
import type { JobContext } from './train-net.js';

/** Runs one job on the current backend. */
export async function runJob(job: Job, context: JobContext): Promise<Outcome> {
  const digits = await digitsOf(job.digits);
  const teacher = job.lesson && (await teacherOf(job.lesson));
  const model = net(job.shape, 1000 * job.seed);
  if (job.shown !== undefined) await mkdir(job.shown.folder, { recursive: true });
  try {
    const run = await trainNet(model, teacher, digits.learning, job, context);
    if (run.reason === 'aborted') return { reason: 'aborted' };
    if (job.weights !== undefined) await save(job.weights, await readWeights(model));
    if (job.shown !== undefined) await save(fileOfLogits(job.shown), await logitsOf(model, digits.test));
    const judged = digits[job.judgedOn];
    const result: Result = {
      ...settingsOf(job),
      losses: run.history.at(-1)?.losses ?? {},
      size: judged.size,
      wrong: await wrongRows(model, judged),
      ...(job.corrected && teacher && (await corrected(model, teacher, job.corrected, digits))),
      seconds: Math.round(run.history.reduce((sum, { seconds }) => sum + seconds, 0)),
    };
    await checkpointDirectory(job.checkpoints).remove();
    return { reason: run.reason, result };
  } finally {
    model.dispose();
    teacher?.dispose();
  }
}

async function save(file: string, values: Weights | Float32Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, serialize(values));
}

async function teacherOf({ teacher: { file, shape } }: Lesson): Promise<LayersModel> {
  const model = net(shape, 1);
  writeWeights(model, deserialize(await readFile(file)) as Weights);
  return model;
}

/** The errors with biases that fit the teacher's answers on the validation digits. Labels are not used. */
async function corrected(
  model: LayersModel,
  teacher: LayersModel,
  classes: readonly number[],
  { validation, test }: { readonly validation: Digits; readonly test: Digits },
): Promise<Required<Pick<Result, 'corrected'>>> {
  const scoresOf = async (net: LayersModel): Promise<Tensor2D> =>
    tensor2d(await logitsOf(net, validation), [validation.size, 10]);
  const [taught, logits] = [await scoresOf(teacher), await scoresOf(model)];
  const probabilities = softmax(taught);
  try {
    const correction = await fitBiasOffsets(probabilities, logits, { classes });
    applyBiasOffsets(model, correction);
    return { corrected: { offsets: correction.offsets, wrong: await wrongRows(model, test) } };
  } finally {
    dispose([taught, logits, probabilities]);
  }
}
