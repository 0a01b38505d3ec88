import { finite } from '@kd/core';
import type { Schedule } from '@kd/core';

/**
 * The same number at any time: `v(t) = value`.
 *
 * @param value finite
 * @returns a schedule
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`
 *
 * @example
 * ```ts
 * import { constant } from '@kd/schedule';
 * const temperature = constant(4);
 * console.log(temperature({ step: 0, epoch: 0 }), temperature({ step: 1000, epoch: 10 }));
 * // 4 4
 * ```
 */
export function constant(value: number): Schedule {
  finite.read({ where: 'constant', argument: 'value' }, value);
  return () => value;
}
