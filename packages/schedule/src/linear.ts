import type { Schedule } from '@kd/core';
import { transition } from './transition.js';
import type { TransitionOptions } from './transition.js';

/**
 * A straight line, then constant: `v(t) = from (1 - s) + to s` with `s = min(1, t / duration)`.
 *
 * FitNets lowers the weight of its soft targets this way, from 4 to 1 (Romero et al. 2015, FitNets).
 *
 * @param options `from` and `to`, finite; `steps` or `epochs`, a whole number >= 1
 * @returns a schedule with values between `from` and `to`
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { linear } from '@kd/schedule';
 * const weight = linear({ from: 4, to: 1, epochs: 10 });
 * for (const epoch of [0, 5, 10, 11]) console.log(epoch, weight({ step: 0, epoch }));
 * // 0 4
 * // 5 2.5
 * // 10 1
 * // 11 1
 * ```
 */
export function linear(options: TransitionOptions): Schedule {
  return transition('linear', options, (share) => share);
}
