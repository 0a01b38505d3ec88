import { like } from '@kd/core';
import type { Measurements, TrainEvent } from '@kd/trainer';
import { anEvent } from '../event.js';

/** What `tf.node.summaryFileWriter` of tfjs-node returns, as far as it is used. */
export interface SummaryWriter {
  readonly scalar: (name: string, value: number, step: number) => void;
  readonly flush: () => void;
}

const where = 'tensorBoard';

const aWriter = like(
  'a writer of summaries, with scalar and flush',
  (value): value is SummaryWriter =>
    typeof value === 'object' &&
    value !== null &&
    ['scalar', 'flush'].every((name) => typeof Reflect.get(value, name) === 'function'),
  "Pass tf.node.summaryFileWriter('runs/NAME') of tfjs-node.",
);

/**
 * Writes the numbers of a training for TensorBoard.
 *
 * Of each step, under the name of its stage: `total`, the unweighted loss, the weight and the scalars of each
 * term, and `gradient norm`; of each epoch its validation, at its last step. Steps count from 0 in each
 * stage. The writer is flushed after each epoch and at the end of each stage.
 *
 * @param writer `tf.node.summaryFileWriter(directory)` of tfjs-node, with one directory for each training
 * @returns a handler for the option `onEvent` of `train`, `trainStages` and `trainInTwoStages`
 * @throws `KD_OPTION_TYPE` for what is no writer; in the handler for what is no event
 *
 * @example
 * ```ts
 * import { tensorBoard } from '@kd/report/tensorboard';
 * // import * as tf from '@tensorflow/tfjs-node';
 * // const writer = tf.node.summaryFileWriter('runs/student');
 * const writer = { scalar: console.log, flush: () => console.log('flushed') };
 * const onEvent = tensorBoard(writer); // for train(recipe, { onEvent })
 * onEvent({ type: 'start', stage: 0, name: 'hints', epochs: 1, stepsPerEpoch: 2, parameters: 8, step: 0 });
 * onEvent({ type: 'epoch', stage: 0, epoch: 0, step: 2, total: 1, losses: {}, validation: { accuracy: 0.5 },
 *   improved: true, seconds: 1 });
 * // hints/validation/accuracy 0.5 1
 * // flushed
 * ```
 */
export function tensorBoard(writer: SummaryWriter): (event: TrainEvent) => void {
  const out = aWriter.read({ where, argument: 'writer' }, writer);
  const names = new Map<number, string>();
  return (given) => {
    const event = anEvent.read({ where, argument: 'event' }, given);
    const stage = names.get(event.stage) ?? `stage ${String(event.stage)}`;
    const write = (kind: string, values: Measurements, step: number): void => {
      for (const [name, value] of Object.entries(values)) out.scalar(`${stage}/${kind}${name}`, value, step);
    };
    if (event.type === 'start') names.set(event.stage, event.name);
    if (event.type === 'step') {
      write('', { total: event.total, 'gradient norm': event.gradientNorm }, event.step);
      write('loss/', event.losses, event.step);
      write('weight/', event.weights, event.step);
      write('', event.scalars, event.step);
    }
    // An epoch counts the steps so far, the first of which is 0.
    if (event.type === 'epoch') write('validation/', event.validation ?? {}, event.step - 1);
    if (event.type === 'epoch' || event.type === 'end') out.flush();
  };
}
