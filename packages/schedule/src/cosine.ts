import type { Schedule } from '@kd/core';
import { transition } from './transition.js';
import type { TransitionOptions } from './transition.js';

/**
 * Half a cosine wave, flat at both ends, then constant: `v(t) = to + (from - to) (1 + cos(π s)) / 2` with
 * `s = min(1, t / duration)`.
 *
 * Loshchilov and Hutter 2017, SGDR, eq. 5, without the restarts.
 *
 * @param options `from` and `to`, finite; `steps` or `epochs`, a whole number >= 1
 * @returns a schedule with values between `from` and `to`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { cosine } from '@kd/schedule';
 * const learningRate = cosine({ from: 0.1, to: 0, steps: 1000 });
 * const shown = [0, 250, 500, 1000, 2000].map((step) => learningRate({ step, epoch: 0 }).toFixed(4));
 * console.log(shown.join(' '));
 * // 0.1000 0.0854 0.0500 0.0000 0.0000
 * ```
 */
export function cosine(options: TransitionOptions): Schedule {
  return transition('cosine', options, (share) => (1 - Math.cos(Math.PI * share)) / 2);
}
