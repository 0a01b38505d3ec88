import { finite, optionsOf } from '@kd/core';
import type { Schedule } from '@kd/core';
import { durationOptions, progressOf } from './duration.js';
import type { Duration, Unchecked } from './duration.js';
import { interpolate } from './interpolate.js';

/** Options of `linear` and `cosine`: two ends, and the duration between them. */
export type TransitionOptions = Duration & {
  /** The value at time zero, finite. */
  readonly from: number;
  /** The value at the end and afterwards, finite. */
  readonly to: number;
};

const transitionOptions = optionsOf<Unchecked<TransitionOptions>>()({
  from: finite,
  to: finite,
  ...durationOptions.fields,
});

/**
 * A schedule from one value to another; `curve` maps the share of time to the share of the way, both in [0,
 * 1].
 */
export function transition(
  where: string,
  options: TransitionOptions,
  curve: (share: number) => number,
): Schedule {
  const { from, to, ...duration } = transitionOptions.read(where, options);
  const progress = progressOf(where, duration);
  return (time) => interpolate(from, to, curve(Math.min(1, progress(time))));
}
