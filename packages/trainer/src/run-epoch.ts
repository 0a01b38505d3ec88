import { dispose } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { subSeed, tensorsOfBatch } from '@kd/core';
import type { Batch, TeacherPrediction, TrainingTime } from '@kd/core';
import type { Objective } from '@kd/recipe';
import type { prepareCallbacks } from './callbacks.js';
import type { PreparedData } from './data/prepare-data.js';
import type { StopReason, TrainEvent } from './events.js';
import { runningMean } from './history.js';
import type { Measurements } from './history.js';
import type { Statistics } from './statistics.js';
import { apply, checkFiniteStep, gradients } from './step.js';
import { isStopRequested } from './stop-flag.js';
import type { StepResult } from './step.js';

/** What all epochs of a training share. */
export interface EpochContext {
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  readonly statistics: Statistics;
  readonly data: PreparedData;
  readonly seed: number;
  readonly callbacks: ReturnType<typeof prepareCallbacks>;
  readonly onEvent: (event: TrainEvent) => void;
  readonly signal: AbortSignal | undefined;
  /** Shared by all epochs, as a short one alone would never pause. */
  readonly pause: () => Promise<void>;
}

/** What an epoch leaves behind. */
export interface TrainedEpoch {
  /** Steps done since the start of the run. */
  readonly step: number;
  readonly total: number;
  readonly losses: Measurements;
  /** Why the epoch was not finished; undefined if it was. */
  readonly stopped?: StopReason;
}

/** One pass over the data. */
export async function runEpoch(
  context: EpochContext,
  { epoch, step: firstStep }: TrainingTime,
): Promise<TrainedEpoch> {
  const { objective, data, seed, callbacks, onEvent, signal, pause } = context;
  const means = runningMean();
  let step = firstStep;
  let stopped: StopReason | undefined;
  const batches = data.batches({ epoch, seed: subSeed(seed, 'shuffle', epoch), skip: 0 });
  for await (const batch of batches) {
    const stepInEpoch = step - firstStep;
    const started = performance.now();
    try {
      const examples = Object.values(batch.inputs)[0]?.shape.at(0) ?? 0;
      await callbacks.onBatchBegin(stepInEpoch, { batch: stepInEpoch, size: examples });
      const result = await trainStep(context, batch, { step, epoch });
      if (result === 'aborted') {
        stopped = 'aborted';
        break;
      }
      const { total, losses, weights, gradientNorm } = result;
      means.add({ ...losses, total }, examples);
      const milliseconds = performance.now() - started;
      onEvent({
        type: 'step',
        epoch,
        step,
        stepInEpoch,
        examples,
        total,
        losses,
        weights,
        gradientNorm,
        milliseconds,
      });
      await callbacks.onBatchEnd(stepInEpoch, { batch: stepInEpoch, size: examples, ...losses, loss: total });
    } finally {
      dispose(tensorsOfBatch(batch));
    }
    step += 1;
    await pause();
    if (signal?.aborted === true) stopped = 'aborted';
    else if (isStopRequested(objective.recipe.student.model)) stopped = 'callback';
    if (stopped !== undefined || step - firstStep >= (data.stepsPerEpoch ?? Infinity)) break;
  }
  const { total = NaN, ...losses } = means.mean();
  return { step, total, losses, ...(stopped === undefined ? {} : { stopped }) };
}

async function trainStep(
  context: EpochContext,
  batch: Batch,
  time: TrainingTime,
): Promise<Pick<StepResult, 'total' | 'losses' | 'weights' | 'gradientNorm'> | 'aborted'> {
  const { objective, optimizer, data, signal } = context;
  if (!data.checked) await objective.checkTargets(batch);
  let prediction: TeacherPrediction | undefined;
  try {
    prediction = await objective.ask(batch, signal);
  } catch (error) {
    // A teacher that was called off by the signal ends the training as the signal does.
    if (signal?.aborted === true) return 'aborted';
    throw error;
  }
  try {
    const result = await finiteGradients(context, batch, prediction, time);
    try {
      apply(optimizer, objective.trainable, result);
      result.afterStep();
      return result;
    } finally {
      result.release();
    }
  } finally {
    dispose(tensorsOf(prediction));
  }
}

async function finiteGradients(
  { objective, statistics, seed }: EpochContext,
  batch: Batch,
  prediction: TeacherPrediction | undefined,
  time: TrainingTime,
): Promise<StepResult> {
  const { epoch, step } = time;
  const seedOfStep = subSeed(seed, 'step', epoch, step);
  let result: StepResult | undefined;
  statistics.remember();
  try {
    result = await gradients(objective, { batch, prediction, time, training: true, seed: seedOfStep });
    checkFiniteStep(result, `train, epoch ${String(epoch)}, step ${String(step)}`);
    return result;
  } catch (error) {
    // The forward has moved them already.
    statistics.restore();
    result?.release();
    throw error;
  }
}

function tensorsOf(prediction: TeacherPrediction | undefined): TeacherPrediction['taps'][number][] {
  if (prediction === undefined) return [];
  return [...prediction.members.map(({ output }) => output), ...prediction.taps];
}
