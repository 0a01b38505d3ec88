import * as tf from '@tensorflow/tfjs-core';
import { hardTarget } from '@kd/soft-target-loss';
import { layersTeacher, cachedTeacher } from '@kd/teacher';
import type { Student } from '@kd/recipe';
import { trainStages } from '@kd/trainer';
import type { Stage, StagesRun, TrainEvent } from '@kd/trainer';
import { checkpointDirectory } from '@kd/trainer/node';
import { trainInTwoStages } from '@kd/two-stage-trainer';
import type { TwoStageOptions } from '@kd/two-stage-trainer';
import { countErrors, readWeights, writeWeights } from '@kd-benchmarks/experiment';
import type { JobProgress } from '@kd-benchmarks/experiment';
import { digitsOf, asMaps } from './digits.js';
import type { Job, JobTeacher, Outcome, Training } from './job.js';
import { net } from './models.js';
import { hintLayer } from './plans.js';
import { progressOf } from './progress-of.js';

/** Runs one job on the current backend; a job that was started before resumes from its checkpoint. */
export async function runJob(
  job: Job,
  signal: AbortSignal,
  onProgress: (progress: JobProgress) => void,
): Promise<Outcome> {
  const { plan, seed, uniform, teacher } = job;
  const { validation, learning, test } = await digitsOf(job.digits);
  const model = net(plan, { seed, ...(uniform === undefined ? {} : { uniform }) });
  const student = { model, convention: 'logits' } as const;
  const shared = {
    data: asMaps(learning),
    validation: { data: asMaps(validation), batchSize: 250 },
    batchSize: job.training.batchSize,
    seed,
    signal,
    checkpoint: { store: checkpointDirectory(job.checkpoints), resume: true },
    onEvent: (event: TrainEvent) => {
      if (event.type === 'step') onProgress(progressOf(job, event));
    },
  };
  const run =
    teacher === undefined
      ? await trainStages({ student, stages: [labelStage(job)] }, shared)
      : await distil(student, teacher, job, shared);
  const last = run.stages.at(-1);
  const validationErrors = (last?.history ?? []).map(
    ({ validation }) => 100 * (1 - (validation?.['accuracy'] ?? NaN)),
  );
  const outcome = {
    reason: run.reason,
    weights: await readWeights(model),
    testErrors: await countErrors(model, test),
    validationErrors,
    bestValidationError: Math.min(...validationErrors),
  };
  model.dispose();
  return outcome;
}

/** Trains the student alone. */
function labelStage({ training }: Job): Stage {
  return { name: 'labels', terms: [hardTarget()], ...stageOf(training), earlyStopping: stoppingOf(training) };
}

/**
 * Trains the student with a teacher: with hints in two stages, as published, or in one; without hints by
 * plain distillation.
 */
async function distil(
  student: Student,
  { plan, weights, hints }: JobTeacher,
  { training }: Job,
  shared: TwoStageOptions,
): Promise<StagesRun> {
  const teacher = net(plan, { seed: 0 });
  writeWeights(teacher, weights);
  const run = await trainInTwoStages(
    {
      student,
      // The digits are the same in every epoch, so the teacher answers once for each digit.
      teacher: cachedTeacher(layersTeacher(teacher, { convention: 'logits' })),
      ...(hints === undefined ? {} : { hint: hintLayer, guided: hints.guided, strategy: hints.strategy }),
    },
    {
      ...shared,
      ...(hints?.stage === undefined ? {} : { hints: stageOf(hints.stage) }),
      distillation: { ...stageOf(training), ...stoppingOf(training) },
    },
  );
  teacher.dispose();
  return run;
}

function stageOf({ epochs, learningRate }: Pick<Training, 'epochs' | 'learningRate'>) {
  return { epochs, optimizer: () => tf.train.adam(learningRate) };
}

function stoppingOf({ patience }: Training) {
  return {
    // Between two epochs with the same number of errors, the one with the lower loss is better.
    score: ({ accuracy = 0, loss = 0 }: Readonly<Record<string, number>>) => 1 - accuracy + 1e-6 * loss,
    ...(patience === undefined ? {} : { patience }),
  };
}
