import { finite, optionsOf, positive } from '@kd/core';
import type { Schedule } from '@kd/core';
import { durationOptions, progressOf } from './duration.js';
import type { Duration, Unchecked } from './duration.js';

/**
 * Options of `exponentialDecay` and `stepDecay`: a factor, and the duration after which the value is
 * multiplied by it.
 */
export type DecayOptions = Duration & {
  /** The value at time zero, finite. */
  readonly from: number;
  /** The factor for each duration, finite and > 0. Below 1 the value decays, above 1 it grows. */
  readonly factor: number;
};

const decayOptions = optionsOf<Unchecked<DecayOptions>>()({
  from: finite,
  factor: positive,
  ...durationOptions.fields,
});

/** The schedule `from * factor^n`; `count` turns the number of durations passed into n. */
export function decay(where: string, options: DecayOptions, count: (progress: number) => number): Schedule {
  const { from, factor, ...duration } = decayOptions.read(where, options);
  const progress = progressOf(where, duration);
  return (time) => from * factor ** count(progress(time));
}
