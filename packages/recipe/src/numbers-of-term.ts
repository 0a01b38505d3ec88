import { KdError, valueAt } from '@kd/core';
import type { Term, TrainingTime } from '@kd/core';
import { mapValues } from './sources.js';

/** The weight of a term at a given time. Throws if a schedule returns an invalid weight. */
export function weightOfTerm({ name, weight }: Term, time: TrainingTime): number {
  const value = valueAt(weight, time);
  if (Number.isFinite(value) && value >= 0) return value;
  throw outOfRange('KD_WEIGHT_RANGE', name, 'weight', time, 'a finite number >= 0', value);
}

/** The scalars of a term at a given time. Throws if a schedule returns no finite number. */
export function scalarsOfTerm({ name, scalars }: Term, time: TrainingTime): Record<string, number> {
  return mapValues(scalars, (scalar, key) => {
    const value = valueAt(scalar, time);
    if (Number.isFinite(value)) return value;
    throw outOfRange('KD_OPTION_RANGE', name, key, time, 'a finite number', value);
  });
}

function outOfRange(
  code: 'KD_WEIGHT_RANGE' | 'KD_OPTION_RANGE',
  name: string,
  what: string,
  { step, epoch }: TrainingTime,
  expected: string,
  received: unknown,
): KdError {
  return new KdError({
    code,
    where: `the term ${JSON.stringify(name)}`,
    argument: `${what} at step ${String(step)}, epoch ${String(epoch)}`,
    expected,
    received: String(received),
    remedy: `Check the schedule of the ${what}.`,
  });
}
