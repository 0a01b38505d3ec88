import { adam } from '@kd/optimizers';
import { train } from '@kd/trainer';
import type { TrainEvent, TrainOptions } from '@kd/trainer';
import type { Turn } from '../messages.js';
import type { Work } from '../works.js';
import { examplesOf } from './examples.js';
import { recipeOf } from './recipe-of.js';

/** A training that waits after each turn. */
export interface PausedTraining {
  /** Makes some steps. */
  readonly turn: (steps: number) => Promise<Turn>;
}

/** What waits for the end of a turn. */
interface Waiting {
  readonly resolve: (turn: Turn) => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts a training with the trainer's own loop. Between turns, a callback holds it after a step. */
export async function pausedTraining(
  work: Work,
  compile: NonNullable<TrainOptions['compile']>,
): Promise<PausedTraining> {
  const examples = await examplesOf(work);
  const { recipe, trainable } = await recipeOf(work, examples);
  const { ids, ...labelled } = examples;
  let left = 0;
  let last = 0;
  let turn = { milliseconds: [] as number[], whole: [] as number[] };
  let compiled: Turn['compiled'];
  let waiting: Waiting | undefined;
  let resume = (): void => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      resume = resolve;
    });
  let pausing = pause();

  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'step') turn.milliseconds.push(event.milliseconds);
    if (event.type === 'compile') compiled = event.compiled ? true : event.reason;
  };
  const onBatchEnd = async (): Promise<void> => {
    const now = performance.now();
    turn.whole.push(now - last);
    last = now;
    if (--left > 0) return;
    pausing = pause();
    waiting?.resolve({ ...turn, compiled });
    await pausing;
  };
  const training = train(recipe, {
    data: work.step === 'plain' || work.step === 'hint' ? labelled : { ids, ...labelled },
    batchSize: work.batch,
    epochs: Number.MAX_SAFE_INTEGER,
    optimizer: () => adam({ learningRate: work.learningRate }),
    compile,
    ...(trainable === undefined ? {} : { trainable }),
    // With `setModel` it is a callback object, which the trainer calls as it is.
    callbacks: [{ setModel: () => undefined, onTrainBegin: () => pausing, onBatchEnd }],
    onEvent,
  });
  training.catch((error: unknown) => waiting?.reject(error));
  return {
    turn: (steps) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        turn = { milliseconds: [], whole: [] };
        left = steps;
        last = performance.now();
        resume();
      }),
  };
}
