import type { Schedule } from '@kd/core';
import { decay } from './decay.js';
import type { DecayOptions } from './decay.js';

/**
 * A smooth decay by `factor` in each duration: `v(t) = from factor^(t / duration)`.
 *
 * @param options `from`, finite; `factor`, finite and > 0; `steps` or `epochs`, a whole number >= 1
 * @returns a schedule; it tends to zero for factors below 1
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { exponentialDecay } from '@kd/schedule';
 * const learningRate = exponentialDecay({ from: 0.8, factor: 0.25, epochs: 10 });
 * for (const epoch of [0, 5, 10, 20]) console.log(epoch, learningRate({ step: 0, epoch }));
 * // 0 0.8
 * // 5 0.4
 * // 10 0.2
 * // 20 0.05
 * ```
 */
export function exponentialDecay(options: DecayOptions): Schedule {
  return decay('exponentialDecay', options, (progress) => progress);
}
