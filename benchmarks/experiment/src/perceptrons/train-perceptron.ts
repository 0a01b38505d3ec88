import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Teacher, Term } from '@kd/core';
import { layersTeacher } from '@kd/teacher';
import { trainStages } from '@kd/trainer';
import type { StopReason } from '@kd/trainer';
import type { InMemoryData } from '@kd/data';
import { checkpointDirectory } from '@kd/trainer/node';
import { writeWeights } from '../weights.js';
import type { JobProgress } from '../messages.js';
import type { PerceptronJob, TrainedNet } from './job.js';
import { perceptron } from './perceptron.js';

/** What a net learns and from whom. */
export interface Lesson {
  readonly data: InMemoryData;
  readonly terms: readonly Term[];
  readonly teacher?: Teacher;
  /** Chooses the best epoch; without it the net keeps the weights of the last epoch. */
  readonly validation?: InMemoryData;
}

/** What a training listens to and reports to. */
export interface TrainingContext {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
}

/** A trained net; the caller disposes it. */
interface TrainedPerceptron {
  readonly model: LayersModel;
  readonly reason: StopReason;
  /** Validation error of each epoch in per cent; empty without a validation set. */
  readonly validationErrors: readonly number[];
}

/**
 * Trains the net of a job. A training that was started before resumes from its checkpoint, and a finished one
 * returns at once.
 */
export async function trainPerceptron(
  { net, seed, training, checkpoints }: PerceptronJob,
  { data, terms, teacher, validation }: Lesson,
  { signal, onProgress }: TrainingContext,
): Promise<TrainedPerceptron> {
  const { epochs, batchSize, learningRate } = training;
  const model = perceptron(net);
  const stage = { name: 'train', terms, epochs, optimizer: () => tf.train.adam(learningRate) };
  const run = await trainStages(
    {
      student: { model, convention: 'logits' },
      ...(teacher === undefined ? {} : { teacher }),
      stages: [validation === undefined ? stage : { ...stage, earlyStopping: { score } }],
    },
    {
      data,
      batchSize,
      seed,
      signal,
      checkpoint: { store: checkpointDirectory(checkpoints), resume: true },
      ...(validation === undefined ? {} : { validation: { data: validation, batchSize: 1000 } }),
      onEvent: (event) => {
        if (event.type !== 'step') return;
        const steps = epochs * Math.ceil(sizeOf(data) / batchSize);
        onProgress({ share: (event.step + 1) / steps, epoch: event.epoch, loss: event.total });
      },
    },
  );
  const history = run.stages.at(-1)?.history ?? [];
  const validationErrors = history.flatMap((epoch) =>
    epoch.validation === undefined ? [] : [100 * (1 - (epoch.validation['accuracy'] ?? NaN))],
  );
  return { model, reason: run.reason, validationErrors };
}

/** A trained net as a teacher, with the model behind it; the caller disposes the model. */
export function teacherOf({ net, weights }: TrainedNet): {
  readonly teacher: Teacher;
  readonly model: LayersModel;
} {
  const model = perceptron(net);
  writeWeights(model, weights);
  return { teacher: layersTeacher(model, { convention: 'logits' }), model };
}

// Between two epochs with the same number of errors, the one with the lower loss is better.
function score({ accuracy = 0, loss = 0 }: Readonly<Record<string, number>>): number {
  return 1 - accuracy + 1e-6 * loss;
}

function sizeOf({ ids = [] }: InMemoryData): number {
  return ids.length;
}
