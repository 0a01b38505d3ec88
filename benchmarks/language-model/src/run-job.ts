import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { replaceFile } from '@kd/files';
import { storeSoftTargets } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { evaluate } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readWeights, writeWeights } from '@kd-benchmarks/experiment';
import type { Weights } from '@kd-benchmarks/experiment';
import { settingsOf } from './job.js';
import type { Job, Outcome, TeacherFiles } from './job.js';
import { languageModel } from './net.js';
import type { NetShape } from './net.js';
import { answersFor, trainNet } from './train-net.js';
import type { JobContext } from './train-net.js';
import { windowsFor } from './windows.js';
import type { Windows } from './windows.js';

/** Runs one job on the current backend. */
export async function runJob(job: Job, context: JobContext): Promise<Outcome> {
  const windows = windowsFor(job.text);
  const netOf = (shape: NetShape, seed: number): LayersModel =>
    languageModel(shape, { vocabulary: windows.characters.size, maxLength: job.text.length, seed });
  const model = netOf(job.shape, job.seed);
  const teacher = job.teacher && netOf(job.teacher.shape, 1);
  try {
    if (job.teacher && teacher)
      writeWeights(teacher, deserialize(await readFile(job.teacher.weights)) as Weights);
    const run = await trainNet(model, teacher, windows.learning, job, context);
    if (run.reason === 'aborted') return { reason: 'aborted' };
    if (job.leaves) await leave(job.leaves, model, windows, context.signal);
    const { loss = NaN, accuracy = NaN } = await evaluate(
      { model, convention: 'logits' },
      windows[job.judgedOn],
      { batchSize: 64 },
    );
    const result = {
      ...settingsOf(job),
      crossEntropy: loss,
      accuracy,
      losses: run.history.at(-1)?.losses ?? {},
      seconds: Math.round(run.history.reduce((sum, { seconds }) => sum + seconds, 0)),
    };
    await checkpointDirectory(job.checkpoints).remove();
    return { reason: run.reason, result };
  } finally {
    model.dispose();
    teacher?.dispose();
  }
}

/** Stores the answers of a teacher, and then its weights: whoever finds the weights finds all. */
async function leave(
  { weights, answers, topK }: TeacherFiles & { readonly topK: readonly number[] },
  model: LayersModel,
  { learning: data }: Windows,
  signal: AbortSignal,
): Promise<void> {
  const teacher = layersTeacher(model, { convention: 'logits' });
  for (const k of topK)
    await storeSoftTargets({
      teacher,
      data,
      out: answersFor(answers, k),
      topK: k,
      dtype: 'float16',
      batchSize: 64,
      signal,
    });
  await mkdir(dirname(weights), { recursive: true });
  await replaceFile(weights, serialize(await readWeights(model)));
}
