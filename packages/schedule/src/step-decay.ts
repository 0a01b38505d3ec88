import type { Schedule } from '@kd/core';
import { decay } from './decay.js';
import type { DecayOptions } from './decay.js';

/**
 * A decay in equal intervals, by `factor` after each: `v(t) = from factor^floor(t / duration)`.
 *
 * @param options `from`, finite; `factor`, finite and > 0; `steps` or `epochs`, a whole number >= 1
 * @returns a schedule; it tends to zero for factors below 1
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { stepDecay } from '@kd/schedule';
 * const learningRate = stepDecay({ from: 0.8, factor: 0.5, epochs: 30 });
 * for (const epoch of [0, 29, 30, 60]) console.log(epoch, learningRate({ step: 0, epoch }));
 * // 0 0.8
 * // 29 0.8
 * // 30 0.4
 * // 60 0.2
 * ```
 */
export function stepDecay(options: DecayOptions): Schedule {
  return decay('stepDecay', options, Math.floor);
}
