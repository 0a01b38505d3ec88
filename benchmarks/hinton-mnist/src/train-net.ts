import { join } from 'node:path';
import { augmentedStream, randomShift } from '@kd/data';
import type { InMemoryData } from '@kd/data';
import { adamW } from '@kd/optimizers';
import { jsonLines } from '@kd/report/node';
import { defineRecipe } from '@kd/recipe';
import { cosine } from '@kd/schedule';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { cachedTeacher, layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { Run, TrainOptions } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { asData } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';
import type { JobProgress } from '@kd-benchmarks/experiment';
import { sparing } from '@kd-benchmarks/experiment/parts';
import type { Job, Regularization, Training } from './job.js';
import { imageShape } from './net.js';

/** What a job listens and reports to. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Trains a net, on labels alone without a teacher. It resumes where an earlier run was interrupted. */
export function trainNet(
  model: LayersModel,
  teacher: LayersModel | undefined,
  learning: Digits,
  { seed, training, regularization, lesson, shown, checkpoints, secondsBetweenCheckpoints = 60 }: Job,
  { signal, onProgress }: JobContext,
): Promise<Run> {
  const steps = training.epochs * Math.ceil(learning.size / training.batchSize);
  const { softWeight = 0, temperature = 1 } = lesson ?? {};
  const log = shown && jsonLines(join(shown.folder, `${shown.name}.jsonl`));
  return train(
    defineRecipe({
      student: { model, convention: 'logits' },
      // The digits stay in place, so the teacher answers once for each.
      ...(teacher && { teacher: cachedTeacher(layersTeacher(teacher, { convention: 'logits' })) }),
      terms: [
        ...(softWeight > 0 ? [softTarget({ temperature, weight: softWeight })] : []),
        ...(softWeight < 1 ? [hardTarget({ weight: 1 - softWeight })] : []),
      ],
    }),
    {
      ...dataFor(asData(learning, imageShape), training, regularization),
      epochs: training.epochs,
      optimizer: () =>
        adamW({
          learningRate: cosine({ from: training.learningRate, to: 0, steps }),
          weightDecay: 0,
          ...(regularization && { maxNorm: regularization.maxNorm }),
        }),
      seed,
      signal,
      checkpoint: {
        store: sparing(checkpointDirectory(checkpoints), secondsBetweenCheckpoints),
        resume: true,
      },
      onEvent: (event) => {
        log?.(event);
        if (event.type === 'step')
          onProgress({ share: (event.step + 1) / steps, epoch: event.epoch, loss: event.total });
      },
    },
  );
}

function dataFor(
  data: InMemoryData,
  { batchSize }: Training,
  regularization?: Regularization,
): Pick<TrainOptions, 'data' | 'batchSize'> {
  if (regularization === undefined) return { data, batchSize };
  const { shift } = regularization;
  const augmentations = [randomShift({ height: shift, width: shift })];
  return { data: augmentedStream(data, { batchSize, augmentations }) };
}
