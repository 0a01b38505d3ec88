import type { LayersModel } from '@tensorflow/tfjs-layers';
import { countErrors, readWeights, writeWeights } from '@kd-benchmarks/experiment';
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
  const run = await trainRecipe(recipe, digits, job.budget, {
    validation: split.validation,
    seed: job.seed,
    signal,
    onStep: ({ step, epoch, total }) => {
      onProgress({ share: (step + 1) / steps, epoch, loss: total });
    },
  });
  const best = run.history.find(({ epoch }) => epoch === run.bestEpoch);
  const outcome = {
    weights: await readWeights(model),
    reason: run.reason,
    testErrors: await countErrors(model, split.test),
    validationAccuracy: best?.validation?.['accuracy'] ?? 0,
    bestEpoch: run.bestEpoch ?? 0,
  };
  model.dispose();
  teacher?.dispose();
  return outcome;
}

function trainedTeacher({ perceptron: options, weights }: NonNullable<Job['teacher']>): LayersModel {
  const teacher = perceptron(options);
  writeWeights(teacher, weights);
  return teacher;
}
