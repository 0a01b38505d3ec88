import { finite, optionsOf, scheduled, valueAt } from '@kd/core';
import type { Schedule } from '@kd/core';
import { durationOptions, progressOf } from './duration.js';
import type { Duration, Unchecked } from './duration.js';
import { interpolate } from './interpolate.js';
import { timeSince, timeZero } from './time-since.js';

/** Options of `warmUp`: its duration, its start value, and what follows. */
export type WarmUpOptions = Duration & {
  /** The value at time zero, finite; default 0. */
  readonly from?: number;
  /** What follows the warm-up: a finite number, or a schedule that starts when the warm-up ends. */
  readonly then: number | Schedule;
};

const warmUpOptions = optionsOf<Unchecked<WarmUpOptions>>()({
  from: finite.default(0),
  then: scheduled(finite),
  ...durationOptions.fields,
});

/**
 * A straight line to the first value of another schedule, then that schedule:
 * `v(t) = from (1 - s) + then(0) s` with `s = t / duration` for `t < duration`, then
 * `v(t) = then(t - duration)`.
 *
 * Goyal et al. 2017, section 2.2 (gradual warm-up). Only the counter used for the duration restarts
 * afterwards: let `then` count steps after a warm-up in steps, and epochs after one in epochs.
 *
 * @param options `then`, a finite number or a schedule that is finite at time zero; `from`, finite, default
 *   0; `steps` or `epochs`, a whole number >= 1
 * @returns a schedule
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { cosine, warmUp } from '@kd/schedule';
 * const learningRate = warmUp({ steps: 100, then: cosine({ from: 0.5, to: 0, steps: 900 }) });
 * for (const step of [0, 50, 100, 550, 1000]) console.log(step, learningRate({ step, epoch: 0 }));
 * // 0 0
 * // 50 0.25
 * // 100 0.5
 * // 550 0.25
 * // 1000 0
 * ```
 */
export function warmUp(options: WarmUpOptions): Schedule {
  const where = 'warmUp';
  const { from, then, ...duration } = warmUpOptions.read(where, options);
  const to = valueAt(then, timeZero);
  finite.read({ where, argument: 'options.then at time zero' }, to);
  const progress = progressOf(where, duration);
  const end = { step: duration.steps ?? 0, epoch: duration.epochs ?? 0 };
  return (time) => {
    const share = progress(time);
    return share < 1 ? interpolate(from, to, share) : valueAt(then, timeSince(end, time));
  };
}
