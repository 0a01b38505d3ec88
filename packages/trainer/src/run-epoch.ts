import { subSeed } from '@kd/core';
import { groupsOfBatches } from '@kd/data';
import { askedAhead } from './asked-ahead.js';
import type { EpochPosition } from './epoch-position.js';
import type { StopReason } from './events.js';
import type { RunningStage } from './running-stage.js';
import { isStopRequested } from './stop-flag.js';
import { addTo } from './sums.js';
import { ask, trainStep } from './train-step.js';

/** The result of an epoch. */
export interface TrainedEpoch {
  readonly position: EpochPosition;
  /** Why the epoch did not finish; undefined if it did. */
  readonly stopped?: StopReason;
}

/** What is called during an epoch. */
export interface Progress {
  /** Estimated time from a position to the end of the stage, if known. */
  readonly secondsLeft: (position: EpochPosition) => number | undefined;
  /** Called after every step; saves the state of the training when it is due. */
  readonly onStep: (position: EpochPosition) => Promise<void>;
}

/** One pass over the data, or the rest of one. */
export async function runEpoch(
  running: RunningStage,
  start: EpochPosition,
  { secondsLeft, onStep }: Progress,
): Promise<TrainedEpoch> {
  const { objective, seed, callbacks, stepsPerEpoch = Infinity } = running;
  const { data, onEvent, signal, pause } = running.run;
  const { accumulationSteps } = running.stage;
  const began = performance.now() - start.seconds * 1000;
  const firstStep = start.step - Math.ceil(start.batch / accumulationSteps);
  let position = start;
  let stopped: StopReason | undefined;
  const { epoch } = start;
  const batches = data.batches({
    epoch,
    seed: subSeed(seed, 'shuffle', epoch),
    skip: start.batch,
    pass: running.earlierEpochs + epoch,
  });
  const groups = askedAhead(groupsOfBatches(batches, accumulationSteps), {
    ask: (batch, asking) => ask(running, batch, asking),
    signal,
    // A stream may depend on what the step before has done.
    mayAskAhead: data.checked && objective.teacher?.frozen === true,
    steps: stepsPerEpoch - (start.step - firstStep),
  });
  for await (const group of groups) {
    const { step } = position;
    const stepInEpoch = step - firstStep;
    const started = performance.now();
    const sizes = group.batches.map(({ inputs }) => Object.values(inputs)[0]?.shape.at(0) ?? 0);
    const examples = sizes.reduce((sum, size) => sum + size, 0);
    await callbacks.onBatchBegin(stepInEpoch, { batch: stepInEpoch, size: examples });
    const result = await trainStep(running, group, { step, epoch });
    if (result === 'aborted') {
      stopped = 'aborted';
      break;
    }
    const { total, losses, weights, normalizers, gradientNorm } = result;
    position = {
      epoch,
      step: step + 1,
      batch: position.batch + group.batches.length,
      sums: addTo(position.sums, result),
      seconds: (performance.now() - began) / 1000,
    };
    onEvent({
      type: 'step',
      stage: running.index,
      epoch,
      step,
      stepInEpoch,
      examples,
      total,
      losses,
      weights,
      normalizers,
      gradientNorm,
      milliseconds: performance.now() - started,
      secondsLeft: secondsLeft(position),
    });
    running.reportCompile(step);
    await callbacks.onBatchEnd(stepInEpoch, { batch: stepInEpoch, size: examples, ...losses, loss: total });
    await onStep(position);
    await pause();
    if (signal?.aborted === true) stopped = 'aborted';
    else if (isStopRequested(objective.recipe.student.model)) stopped = 'callback';
    if (stopped !== undefined) break;
  }
  return { position, ...(stopped === undefined ? {} : { stopped }) };
}
