import { checkFinite, checkOptions, checkPositive } from '@kd/core';
import type { Schedule } from '@kd/core';
import { progressOf } from './duration.js';
import type { Duration } from './duration.js';

/** Options of `exponential` and `stepwise`: a factor, and how long it takes until the value is multiplied by it. */
export type DecayOptions = Duration & {
  /** The value at time zero, finite. */
  readonly from: number;
  /** What the value is multiplied by in each duration, finite and > 0. Below 1 it decays, above 1 it grows. */
  readonly factor: number;
};

/** The schedule `from * factor^n`; `count` maps the number of durations passed to n. */
export function decay(where: string, options: DecayOptions, count: (progress: number) => number): Schedule {
  checkOptions(where, options, ['from', 'factor', 'steps', 'epochs']);
  const { from, factor } = options;
  checkFinite(where, 'options.from', from);
  checkPositive(where, 'options.factor', factor);
  const progress = progressOf(where, options);
  return (time) => from * factor ** count(progress(time));
}
