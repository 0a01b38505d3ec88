import { KdError, like, nonNegative } from '@kd/core';
import type { Check, Schedule, TrainingTime } from '@kd/core';

/** Describes the option `learningRate`. */
export const learningRateOption: Check<number | Schedule> = like(
  'a finite number >= 0 or a schedule',
  (x): x is number | Schedule => typeof x === 'number' || typeof x === 'function',
  // In the result of getConfig, a schedule is an array.
  'Pass a number, or the schedule itself. A saved model contains no schedules: compile it again with one.',
  (x) => typeof x === 'function' || (Number.isFinite(x) && x >= 0),
);

/** The learning rate at a given time. Throws if a schedule does not return a finite number >= 0. */
export function learningRateAt(where: string, learningRate: number | Schedule, time: TrainingTime): number {
  if (typeof learningRate === 'number') return learningRate;
  const value = learningRate(time);
  nonNegative.read({ where, argument: `options.learningRate at step ${String(time.step)}` }, value);
  return value;
}

const places = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5, 1e6] as const;

/** Throws if a schedule depends on the epoch, for use where only steps are counted. */
export function checkCountsSteps(where: string, learningRate: number | Schedule): void {
  if (typeof learningRate === 'number') return;
  const dependsOnEpoch = places.some((step) =>
    places.some(
      (epoch) => !Object.is(valueIfAny(learningRate, step, epoch), valueIfAny(learningRate, step, 0)),
    ),
  );
  if (!dependsOnEpoch) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'options.learningRate',
    expected: 'a schedule in steps if nothing tells the epoch',
    received: 'one that depends on the epoch',
    remedy: 'Count in steps, cosine({ from, to, steps }), or train with @kd/trainer, which tells the epoch.',
  });
}

/** A learning rate as JSON. A schedule, being a function, is represented by its values at some times. */
export function learningRateAsJson(learningRate: number | Schedule): number | (number | null)[] {
  if (typeof learningRate === 'number') return learningRate;
  return places.slice(0, 10).map((epoch) => valueIfAny(learningRate, epoch * 100, epoch));
}

/** Null at a time when the schedule has no value, for example past the end of a table. */
function valueIfAny(schedule: Schedule, step: number, epoch: number): number | null {
  try {
    const value: unknown = schedule({ step, epoch });
    return typeof value === 'number' ? value : null;
  } catch {
    return null;
  }
}
