import type { EpochPosition } from './epoch-position.js';
import type { StopReason } from './events.js';
import type { RunningStage } from './running-stage.js';
import type { Numbers } from './start-batch.js';
import { isStopRequested } from './stop-flag.js';
import { addTo } from './sums.js';

/** What is called during an epoch. */
export interface Progress {
  /** Estimated time from a position to the end of the stage, if known. */
  readonly secondsLeft: (position: EpochPosition) => number | undefined;
  /** Whether the state of the training is saved after this step. */
  readonly isKeptAfter: (step: number) => boolean;
  /** Called after every step; saves the state of the training when it is due. */
  readonly onStep: (position: EpochPosition) => Promise<void>;
}

/** A step, apart from its numbers. */
export interface TakenStep {
  readonly step: number;
  readonly stepInEpoch: number;
  readonly examples: number;
  readonly batches: number;
  /** When it was started. */
  readonly started: number;
}

/** Reports the steps of an epoch, and follows its position. */
export interface StepReports {
  /** Reports a step to all who want to know. */
  readonly report: (taken: TakenStep, numbers: Numbers) => Promise<void>;
  readonly position: () => EpochPosition;
  /** Why the training ends after the steps so far; undefined if it goes on. */
  readonly stopped: () => StopReason | undefined;
}

/** Reports steps from a position on. */
export function stepReports(
  { index, objective, callbacks, reportCompile, run }: RunningStage,
  start: EpochPosition,
  { secondsLeft, onStep }: Progress,
): StepReports {
  const { epoch } = start;
  const began = performance.now() - start.seconds * 1000;
  let position = start;
  let stopped: StopReason | undefined;
  let reported = began;
  return {
    position: () => position,
    stopped: () => stopped,
    report: async ({ step, stepInEpoch, examples, batches, started }, numbers) => {
      const { total, losses, weights, scalars, normalizers, gradientNorm } = numbers;
      const now = performance.now();
      position = {
        epoch,
        step: step + 1,
        batch: position.batch + batches,
        sums: addTo(position.sums, numbers),
        seconds: (now - began) / 1000,
      };
      run.onEvent({
        type: 'step',
        stage: index,
        epoch,
        step,
        stepInEpoch,
        examples,
        total,
        losses,
        weights,
        scalars,
        normalizers,
        gradientNorm,
        // A step whose numbers come late has begun before the one before was reported.
        milliseconds: now - Math.max(started, reported),
        secondsLeft: secondsLeft(position),
      });
      reported = now;
      reportCompile(step);
      const logs = { batch: stepInEpoch, size: examples, ...losses, loss: total };
      await callbacks.onBatchEnd(stepInEpoch, logs);
      await onStep(position);
      await run.pause();
      if (run.signal?.aborted === true) stopped = 'aborted';
      else if (isStopRequested(objective.recipe.student.model)) stopped = 'callback';
    },
  };
}
