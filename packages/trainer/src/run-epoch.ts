import { subSeed } from '@kd/core';
import type { Batch } from '@kd/core';
import { groupsOfBatches } from '@kd/data';
import { askedAhead } from './asked-ahead.js';
import type { EpochPosition } from './epoch-position.js';
import type { StopReason } from './events.js';
import { lateSteps } from './late-steps.js';
import { stepReports } from './report-steps.js';
import type { Progress, TakenStep } from './report-steps.js';
import type { RunningStage } from './running-stage.js';
import { ask, trainStep } from './train-step.js';

/** The result of an epoch. */
export interface TrainedEpoch {
  readonly position: EpochPosition;
  /** Why the epoch did not finish; undefined if it did. */
  readonly stopped?: StopReason;
}

/** One pass over the data, or the rest of one. */
export async function runEpoch(
  running: RunningStage,
  start: EpochPosition,
  progress: Progress,
): Promise<TrainedEpoch> {
  const { objective, seed, callbacks, reads, stepsPerEpoch = Infinity } = running;
  const { data, signal } = running.run;
  const { accumulationSteps } = running.stage;
  const firstStep = start.step - Math.ceil(start.batch / accumulationSteps);
  const { epoch } = start;
  const batches = data.batches({
    epoch,
    seed: subSeed(seed, 'shuffle', epoch),
    skip: start.batch,
    pass: running.earlierEpochs + epoch,
  });
  // A stream, or a teacher that learns, may depend on what the step before has done.
  const isIndependent = data.checked && objective.teacher?.frozen !== false;
  const groups = askedAhead(groupsOfBatches(batches, accumulationSteps), {
    ask: (batch, asking) => ask(running, batch, asking),
    signal,
    mayAskAhead: isIndependent && objective.teacher !== undefined,
    steps: stepsPerEpoch - (start.step - firstStep),
  });
  const { report, position, stopped } = stepReports(running, start, progress);
  // Callbacks, checkpoints and accumulated batches need the numbers, or the weights, between two steps.
  const mayBeLate = isIndependent && accumulationSteps === 1 && running.run.callbacks.length === 0;
  const late = lateSteps(running, async (taken, numbers) => {
    await report(taken, numbers);
    return stopped() === undefined;
  });
  let step = start.step;
  let cancelled = false;
  try {
    for await (const group of groups) {
      const taken = takenStep(group.batches, step, step - firstStep);
      const time = { step, epoch };
      await callbacks.onBatchBegin(taken.stepInEpoch, { batch: taken.stepInEpoch, size: taken.examples });
      if (mayBeLate && reads.wait() && !progress.isKeptAfter(step)) {
        cancelled = (await late.take(group, time, taken)) === 'aborted';
      } else {
        await late.settle();
        if (stopped() !== undefined) break;
        const result = await trainStep(running, group, time);
        cancelled = result === 'aborted';
        if (result !== 'aborted') await report(taken, result);
      }
      if (cancelled || stopped() !== undefined) break;
      step += 1;
    }
  } finally {
    await late.settle();
  }
  const reason = cancelled ? 'aborted' : stopped();
  return { position: position(), ...(reason === undefined ? {} : { stopped: reason }) };
}

function takenStep(batches: readonly Batch[], step: number, stepInEpoch: number): TakenStep {
  const sizes = batches.map(({ inputs }) => Object.values(inputs)[0]?.shape.at(0) ?? 0);
  const examples = sizes.reduce((sum, size) => sum + size, 0);
  return { step, stepInEpoch, examples, batches: batches.length, started: performance.now() };
}
