import { train } from '@kd/trainer';
import type { TrainEvent } from '@kd/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Steps } from '../messages.js';
import type { Recipe } from '../runs.js';
import type { Work } from '../work/read-work.js';
import { batchesOf } from './batches-of.js';
import { netsOf, optimizerOf, recipeOf } from './recipe-of.js';

/** A training that waits after each turn. */
export interface PausedTraining {
  readonly student: LayersModel;
  readonly steps: (count: number) => Promise<Steps>;
}

/** Starts a training with the trainer's loop. Between turns, a callback holds it after a step. */
export function pausedTraining(work: Work, settings: Recipe): PausedTraining {
  const { student, teacher } = netsOf(work, settings);
  let [losses, milliseconds]: [number[], number[]] = [[], []];
  let left = 0;
  let last = 0;
  let resume = (): void => undefined;
  let end:
    { readonly resolve: (steps: Steps) => void; readonly reject: (reason: unknown) => void } | undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      resume = resolve;
    });
  let pausing = pause();
  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'step') losses.push(event.total);
  };
  const onBatchEnd = async (): Promise<void> => {
    const now = performance.now();
    milliseconds.push(now - last);
    last = now;
    if (--left > 0) return;
    pausing = pause();
    end?.resolve({ losses, milliseconds });
    await pausing;
    last = performance.now();
  };
  train(recipeOf({ student, teacher }, settings), {
    data: batchesOf(work),
    epochs: Number.MAX_SAFE_INTEGER,
    optimizer: () => optimizerOf(settings),
    // With `setModel` it is a callback object, which the trainer calls as it is.
    callbacks: [{ setModel: () => undefined, onTrainBegin: () => pausing, onBatchEnd }],
    onEvent,
  }).catch((error: unknown) => end?.reject(error));
  return {
    student,
    steps: (count) =>
      new Promise((resolve, reject) => {
        end = { resolve, reject };
        [losses, milliseconds] = [[], []];
        left = count;
        last = performance.now();
        resume();
      }),
  };
}
