import { rm } from 'node:fs/promises';
import { jsonLines } from '@kd/report/node';
import type { TrainEvent } from '@kd/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { countErrors, logitsOf, readWeights, writeWeights } from '@kd-benchmarks/experiment';
import type { JobOutcome, JobProgress, Weights } from '@kd-benchmarks/experiment';
import { distilled, labelsOnly, trainRecipe } from './arms.js';
import type { Job } from './jobs.js';
import { perceptron } from './models.js';
import type { Split } from './split.js';

/** The outcome of a training. */
export interface Outcome extends JobOutcome {
  readonly weights: Weights;
  readonly testErrors: number;
  /** Of the best epoch. */
  readonly validationAccuracy: number;
  readonly bestEpoch: number;
  /** The answers to all test digits `[10,000, 10]`, if the page shows the model. */
  readonly testLogits?: Float32Array;
}

/** Runs one job on the current backend. */
export async function runJob(
  job: Job,
  split: Split,
  signal: AbortSignal,
  onProgress: (progress: JobProgress) => void,
): Promise<Outcome> {
  const model = perceptron(job.perceptron);
  const teacher = job.teacher === undefined ? undefined : trainedTeacher(job.teacher);
  const recipe =
    teacher === undefined || job.teacher === undefined
      ? labelsOnly(model)
      : distilled(model, teacher, job.teacher);
  const digits = split[job.digits];
  const steps = Math.ceil(digits.size / job.budget.batchSize) * job.budget.epochs;
  const log = job.events === undefined ? undefined : await newLog(job.events);
  const run = await trainRecipe(recipe, digits, job.budget, {
    validation: split.validation,
    seed: job.seed,
    signal,
    onEvent: (event) => {
      log?.(event);
      if (event.type !== 'step') return;
      onProgress({ share: (event.step + 1) / steps, epoch: event.epoch, loss: event.total });
    },
  });
  const best = run.history.find(({ epoch }) => epoch === run.bestEpoch);
  const outcome = {
    weights: await readWeights(model),
    reason: run.reason,
    testErrors: await countErrors(model, split.test),
    validationAccuracy: best?.validation?.['accuracy'] ?? 0,
    bestEpoch: run.bestEpoch ?? 0,
    ...(log === undefined ? {} : { testLogits: await logitsOf(model, split.test) }),
  };
  model.dispose();
  teacher?.dispose();
  return outcome;
}

/** Trainings of this experiment are never resumed, so an older file is of another run. */
async function newLog(file: string): Promise<(event: TrainEvent) => void> {
  await rm(file, { force: true });
  return jsonLines(file);
}

function trainedTeacher({ perceptron: options, weights }: NonNullable<Job['teacher']>): LayersModel {
  const teacher = perceptron(options);
  writeWeights(teacher, weights);
  return teacher;
}
