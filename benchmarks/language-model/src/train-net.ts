import { join } from 'node:path';
import type { Teacher } from '@kd/core';
import { augmentedStream } from '@kd/data';
import type { InMemoryData } from '@kd/data';
import { adamW } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { cosine } from '@kd/schedule';
import { onPolicy } from '@kd/sequences';
import { hardTarget, softTarget, softTargetFromTop } from '@kd/soft-target-loss';
import { storedTeacher } from '@kd/stored-soft-targets/node';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { Run, TrainOptions } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { JobProgress } from '@kd-benchmarks/experiment';
import { sparing } from '@kd-benchmarks/experiment/parts';
import type { Job, Lesson } from './job.js';

/** What a job listens and reports to. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Trains a model, on the text alone without a teacher. It resumes where an earlier run was interrupted. */
export async function trainNet(
  model: LayersModel,
  teacher: LayersModel | undefined,
  learning: InMemoryData,
  job: Job,
  { signal, onProgress }: JobContext,
): Promise<Run> {
  const { lesson, training, seed, checkpoints } = job;
  const steps = training.epochs * Math.ceil((learning.ids?.length ?? 0) / training.batchSize);
  const { softWeight = 0 } = lesson ?? {};
  const soft =
    lesson?.topK === undefined
      ? softTarget({ temperature: 1, weight: softWeight })
      : softTargetFromTop({ weight: softWeight });
  return train(
    defineRecipe({
      student: { model, convention: 'logits' },
      ...(lesson && { teacher: await teacherFor(job, lesson, teacher) }),
      terms: [...(lesson ? [soft] : []), hardTarget({ weight: 1 - softWeight })],
    }),
    {
      ...dataFor(model, learning, job),
      epochs: training.epochs,
      optimizer: () =>
        adamW({ learningRate: cosine({ from: training.learningRate, to: 0, steps }), clipNorm: 1 }),
      seed,
      signal,
      checkpoint: { store: sparing(checkpointDirectory(checkpoints)), resume: true },
      onEvent: (event) => {
        if (event.type === 'step')
          onProgress({ share: (event.step + 1) / steps, epoch: event.epoch, loss: event.total });
      },
    },
  );
}

/** The stored answers, or the model itself: what a student writes has no stored answers. */
function teacherFor(
  { teacher: files }: Job,
  { topK }: Lesson,
  model: LayersModel | undefined,
): Promise<Teacher> {
  if (topK !== undefined) return storedTeacher(answersFor(files?.answers ?? '', topK));
  return Promise.resolve(layersTeacher(model as LayersModel, { convention: 'logits' }));
}

/** The set of answers with the k most likely characters. */
export function answersFor(folder: string, topK: number): string {
  return join(folder, `top-${String(topK)}`);
}

function dataFor(
  student: LayersModel,
  data: InMemoryData,
  { training: { batchSize }, lesson }: Job,
): Pick<TrainOptions, 'data' | 'batchSize'> {
  if (lesson?.written === undefined) return { data, batchSize };
  return { data: onPolicy(student, augmentedStream(data, { batchSize }), lesson.written) };
}
