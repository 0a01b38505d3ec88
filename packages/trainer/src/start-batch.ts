import { subSeed } from '@kd/core';
import type { Batch, TeacherAnswer, TrainingTime } from '@kd/core';
import { checkFiniteStep } from './check-finite-step.js';
import { checkTeacherAnswer } from './check-teacher-answer.js';
import type { RunningStage } from './running-stage.js';
import type { Shares } from './shares-of-step.js';
import { startStep } from './step.js';
import type { StartedStep, StepResult } from './step.js';
import type { Losses } from './sums.js';

/** The numbers of a step. */
export type Numbers = Losses & Pick<StepResult, 'total' | 'gradientNorm' | 'scalars'>;

/** A batch with the teacher's answer. */
export interface Asked {
  readonly batch: Batch;
  readonly answer: TeacherAnswer | undefined;
}

/** Begins one of the batches of a step. */
export function startBatch(
  { objective, stage, seed, runner, run: { where } }: RunningStage,
  { batch, answer }: Asked,
  time: TrainingTime,
  index: number,
  shares?: Shares,
): StartedStep {
  const seedOfBatch = subSeed(seed, 'step', time.epoch, time.step * stage.accumulationSteps + index);
  return startStep(where, objective, runner, {
    batch,
    answer,
    time,
    training: true,
    seed: seedOfBatch,
    ...(shares === undefined ? {} : { shares }),
  });
}

/** Throws if a number of a step is not finite, with the teacher as the reason if it is. */
export async function checkNumbers(
  { objective: { teacher }, run: { where } }: RunningStage,
  { answer }: Asked,
  { epoch, step }: TrainingTime,
  numbers: Numbers,
): Promise<void> {
  const at = `${where}, epoch ${String(epoch)}, step ${String(step)}`;
  try {
    checkFiniteStep(numbers, at);
  } catch (error) {
    if (answer !== undefined && teacher !== undefined) await checkTeacherAnswer(at, answer, teacher);
    throw error;
  }
}
