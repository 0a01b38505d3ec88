import { dispose } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { tensorsOfAnswer } from '@kd/core';
import type { Batch, TimedOptimizer, TrainingTime } from '@kd/core';
import type { AskedGroup } from './asked-ahead.js';
import type { TakenStep } from './report-steps.js';
import type { RunningStage } from './running-stage.js';
import { checkNumbers, startBatch } from './start-batch.js';
import type { Numbers } from './start-batch.js';
import { apply } from './step.js';

/** Steps whose numbers are read while the next one runs. */
export interface LateSteps {
  /**
   * Starts a step of one batch, settles the one before, and takes the step unless the training ends there;
   * `aborted` if the teacher was cancelled.
   */
  readonly take: (group: AskedGroup, time: TrainingTime, taken: TakenStep) => Promise<'aborted' | undefined>;
  /** Reports the step whose numbers are on their way, if there is one; called at the end in any case. */
  readonly settle: () => Promise<void>;
}

interface Started {
  /** Lets the optimizer take the step. */
  readonly apply: () => void;
  /** Its numbers; throws if one is not finite. */
  readonly numbers: () => Promise<Numbers>;
  /** Gives all weights the values from before the step. Later steps are undone first. */
  readonly undo: () => void;
  /** Frees everything, once the numbers are here. */
  readonly release: () => Promise<void>;
}

/**
 * Keeps a device busy: it computes the gradients of a step while the numbers of the one before come back. The
 * steps are those of `trainStep`, to the bit. One that turns out not to be finite is undone.
 *
 * @param report what to do with the numbers of a step; returns whether the training goes on
 */
export function lateSteps(
  running: RunningStage,
  report: (taken: TakenStep, numbers: Numbers) => Promise<boolean>,
): LateSteps {
  let pending: { readonly step: Started; readonly taken: TakenStep } | undefined;
  const settle = async (next?: Started): Promise<boolean> => {
    if (pending === undefined) return true;
    const { step, taken } = pending;
    pending = undefined;
    let numbers: Numbers | undefined;
    try {
      numbers = await step.numbers();
      return await report(taken, numbers);
    } catch (error) {
      next?.undo();
      if (numbers === undefined) step.undo();
      throw error;
    } finally {
      await step.release();
    }
  };
  return {
    settle: async () => {
      await settle();
    },
    take: async (group, time, taken) => {
      const next = await startLate(running, group, time);
      if (next === 'aborted') return next;
      try {
        if (await settle(next)) {
          next.apply();
          pending = { step: next, taken };
        } else {
          next.undo();
        }
      } finally {
        if (pending === undefined) await next.release();
      }
      return undefined;
    },
  };
}

async function startLate(
  running: RunningStage,
  group: AskedGroup,
  time: TrainingTime,
): Promise<Started | 'aborted'> {
  const { objective, optimizer, scaled, generations } = running;
  const before = generations[time.step % 2 === 0 ? 0 : 1];
  const [batch] = group.batches as [Batch];
  const answer = await group.answer(0);
  if (answer === 'aborted') return answer;
  const asked = { batch, answer };
  const free = (): void => {
    if (answer !== undefined) dispose(tensorsOfAnswer(answer));
  };
  before.remember();
  try {
    const { numbers, afterStep, release, gradients } = startBatch(running, asked, time, 0);
    return {
      apply: () => {
        (optimizer as Optimizer & Partial<TimedOptimizer>).setTime?.(time);
        apply(optimizer, objective.trainable, scaled, { gradients });
        afterStep();
        release();
      },
      numbers: async () => {
        const read = await numbers;
        await checkNumbers(running, asked, time, read);
        return read;
      },
      undo: before.restore,
      release: async () => {
        release();
        free();
        await numbers.catch(() => undefined);
      },
    };
  } catch (error) {
    before.restore();
    free();
    throw error;
  }
}
