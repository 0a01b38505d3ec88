import type { Compile } from '@kd/core';
import { adam } from '@kd/optimizers';
import { train } from '@kd/trainer';
import type { TrainEvent } from '@kd/trainer';
import type { TimeRequest, Times } from './messages.js';
import type { PreparedWork } from './prepare-work.js';
import { stepClock } from './step-clock.js';

/**
 * Trains for some steps, as a user would, and times each from the end of the step before it. The loss of
 * every step is read back.
 */
export async function timeSteps(
  { recipe, batches }: PreparedWork,
  request: Omit<TimeRequest, 'work'>,
  compile: Compile,
): Promise<Times> {
  const clock = stepClock(request);
  const end = new AbortController();
  let compiled: boolean | string = compile === 'never' ? 'not asked for' : 'the backend has no functions';
  const onEvent = (event: TrainEvent): void => {
    if (event.type === 'compile') compiled = event.reason ?? event.compiled;
    if (event.type === 'step' && clock.note(performance.now())) end.abort();
  };
  await train(recipe, {
    data: batches,
    epochs: 1,
    stepsPerEpoch: request.untimed + request.steps + 1,
    optimizer: () => adam({ learningRate: 1e-3 }),
    compile,
    signal: end.signal,
    onEvent,
  });
  return { type: 'times', milliseconds: clock.milliseconds, compiled };
}
