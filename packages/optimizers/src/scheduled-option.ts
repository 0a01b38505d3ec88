import { KdError, like } from '@kd/core';
import type { Check, Schedule, TrainingTime } from '@kd/core';

/** The name of an option that may follow a schedule. */
type Name = 'learningRate' | 'momentum';

/** An option that is a number or a schedule of numbers, as `read` accepts them. */
export function scheduledOption(of: Check<number>): Check<number | Schedule> {
  return like(
    `${of.expected} or a schedule`,
    (x): x is number | Schedule => typeof x === 'number' || typeof x === 'function',
    // In the result of getConfig, a schedule is an array.
    'Pass a number, or the schedule itself. A saved model contains no schedules: compile it again with one.',
    (x) => typeof x === 'function' || isAccepted(of, x),
  );
}

/** The value of such an option at a given time. Throws if a schedule returns a value that `of` refuses. */
export function valueOf(
  where: string,
  name: Name,
  of: Check<number>,
  value: number | Schedule,
  time: TrainingTime,
): number {
  if (typeof value === 'number') return value;
  return of.read({ where, argument: `options.${name} at step ${String(time.step)}` }, value(time));
}

const places = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5, 1e6] as const;

/** Throws if a schedule depends on the epoch, for use where only steps are counted. */
export function checkCountsSteps(where: string, name: Name, value: number | Schedule): void {
  if (typeof value === 'number') return;
  const dependsOnEpoch = places.some((step) =>
    places.some((epoch) => !Object.is(valueIfAny(value, step, epoch), valueIfAny(value, step, 0))),
  );
  if (!dependsOnEpoch) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `options.${name}`,
    expected: 'a schedule in steps if nothing tells the epoch',
    received: 'one that depends on the epoch',
    remedy: 'Count in steps, cosine({ from, to, steps }), or train with @kd/trainer, which tells the epoch.',
  });
}

/** Such an option as JSON. A schedule, being a function, is represented by its values at some times. */
export function scheduledAsJson(value: number | Schedule): number | (number | null)[] {
  if (typeof value === 'number') return value;
  return places.slice(0, 10).map((epoch) => valueIfAny(value, epoch * 100, epoch));
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

function isAccepted(of: Check<number>, value: number): boolean {
  try {
    of.read({ where: '', argument: '' }, value);
    return true;
  } catch {
    return false;
  }
}
