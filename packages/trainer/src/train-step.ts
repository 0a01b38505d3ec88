import { dispose } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { subSeed } from '@kd/core';
import type { Batch, TeacherPrediction, TimedOptimizer, TrainingTime } from '@kd/core';
import { askTeacher, tensorsOfPrediction } from './ask-teacher.js';
import { checkFiniteStep } from './check-finite-step.js';
import { checkTeacherAnswer } from './check-teacher-answer.js';
import { checkTargets } from './check-targets.js';
import { meanOf } from './mean-of-batches.js';
import type { RunningStage } from './running-stage.js';
import { apply, gradients } from './step.js';
import type { StepResult } from './step.js';
import type { Losses } from './sums.js';

type Numbers = Losses & Pick<StepResult, 'total' | 'gradientNorm'>;

/** One step on a group of batches of these sizes. Nothing changes if it fails or is cancelled. */
export async function trainStep(
  running: RunningStage,
  group: readonly Batch[],
  sizes: readonly number[],
  time: TrainingTime,
): Promise<Numbers | 'aborted'> {
  const { objective, optimizer, scaled, statistics } = running;
  const { where } = running.run;
  const results: StepResult[] = [];
  const predictions: TeacherPrediction[] = [];
  let combined: StepResult | undefined;
  statistics.remember();
  try {
    for (const [index, batch] of group.entries()) {
      const asked = await ask(running, batch);
      if (asked === 'aborted') {
        statistics.restore();
        return 'aborted';
      }
      if (asked !== undefined) predictions.push(asked);
      results.push(await finiteGradients(running, batch, asked, time, index));
    }
    combined = await meanOf(where, results, sizes);
    (optimizer as Optimizer & Partial<TimedOptimizer>).setTime?.(time);
    apply(optimizer, objective.trainable, scaled, combined);
    for (const { afterStep } of results) afterStep();
    return combined;
  } catch (error) {
    // The forward pass has already changed them. Once the optimizer has taken its step they stay, as the
    // weights do.
    if (combined === undefined) statistics.restore();
    throw error;
  } finally {
    for (const { release } of new Set([...results, ...(combined === undefined ? [] : [combined])])) release();
    dispose(predictions.flatMap(tensorsOfPrediction));
  }
}

async function ask(
  { objective, stage, run: { where, data, signal } }: RunningStage,
  batch: Batch,
): Promise<TeacherPrediction | undefined | 'aborted'> {
  if (!data.checked) await checkTargets(where, objective, stage.accumulationSteps, batch);
  return askTeacher(objective, batch, signal);
}

async function finiteGradients(
  { objective, stage, seed, run: { where } }: RunningStage,
  batch: Batch,
  prediction: TeacherPrediction | undefined,
  time: TrainingTime,
  index: number,
): Promise<StepResult> {
  const { epoch, step } = time;
  const seedOfBatch = subSeed(seed, 'step', epoch, step * stage.accumulationSteps + index);
  const result = await gradients(where, objective, {
    batch,
    prediction,
    time,
    training: true,
    seed: seedOfBatch,
  });
  const at = `${where}, epoch ${String(epoch)}, step ${String(step)}`;
  try {
    checkFiniteStep(result, at);
  } catch (error) {
    result.release();
    const convention = objective.teacher?.output.convention;
    if (prediction !== undefined && convention !== undefined)
      await checkTeacherAnswer(at, prediction, convention);
    throw error;
  }
  return result;
}
