import { like, optionFault } from '@kd/core';
import type { TrainEvent } from '@kd/trainer';
import { readEvent } from './event.js';
import type { ReportedRun } from './reported-run.js';
import { stagesOf } from './reported-stage.js';
import { withoutRepeats } from './without-repeats.js';

const where = 'runOf';

const anArray = like('an array of events', (value): value is readonly unknown[] => Array.isArray(value));

/**
 * What a training has reported so far, as plain data.
 *
 * @param events what `onEvent` received, in order, or the events of `readJsonLines`. Of a training that was
 *   resumed, what was reported twice counts once.
 * @returns the stages with their steps and epochs: total, losses and weights by term, gradient norm,
 *   validation, best epoch, reason, duration
 * @throws `KD_OPTION_TYPE` and `KD_OPTION_RANGE` for what is no event, or is an event of a stage without a
 *   start
 *
 * @example
 * ```ts
 * import { runOf } from '@kd/report';
 * const start = { name: 'hints', epochs: 3, stepsPerEpoch: 1, parameters: 8, step: 0 };
 * const epoch = { step: 1, total: 0.5, losses: { hint: 0.5 }, improved: false, seconds: 2 };
 * const { stages, seconds } = runOf([
 *   { type: 'start', stage: 0, ...start },
 *   { type: 'epoch', stage: 0, epoch: 0, ...epoch },
 *   { type: 'end', stage: 0, reason: 'aborted', bestEpoch: undefined },
 * ]);
 * console.log(stages[0]?.name, stages[0]?.reason, stages[0]?.history[0]?.losses, seconds);
 * // hints aborted { hint: 0.5 } 2
 * ```
 */
export function runOf(events: readonly TrainEvent[]): ReportedRun {
  const given = anArray.read({ where, argument: 'events' }, events);
  const begun = new Set<number>();
  // Array.from sees the holes of a sparse array.
  const checked = Array.from(given, (value, index) => {
    const argument = `events[${String(index)}]`;
    const event = readEvent({ where, argument }, value);
    if (event.type === 'start') begun.add(event.stage);
    if (begun.has(event.stage)) return event;
    const at = { where, argument: `${argument}.stage` };
    throw optionFault('RANGE', at, 'a stage that has begun', event.stage, 'Pass all events in order.');
  });
  const stages = stagesOf(withoutRepeats(checked));
  return { stages, seconds: stages.reduce((sum, { seconds }) => sum + seconds, 0) };
}
