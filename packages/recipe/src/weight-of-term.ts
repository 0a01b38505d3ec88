import { KdError, valueAt } from '@kd/core';
import type { Term, TrainingTime } from '@kd/core';

/** The weight of a term at a given time. Throws if a schedule returns an invalid weight. */
export function weightOfTerm({ name, weight }: Term, time: TrainingTime): number {
  const value = valueAt(weight, time);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new KdError({
    code: 'KD_WEIGHT_RANGE',
    where: `the term ${JSON.stringify(name)}`,
    argument: `weight at step ${String(time.step)}, epoch ${String(time.epoch)}`,
    expected: 'a finite number >= 0',
    received: String(value),
    remedy: 'Check the schedule of the weight.',
  });
}
