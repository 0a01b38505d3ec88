import { whole } from '@kd/core';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * The numbers 0 to n-1 in an order that depends on the seed alone (Fisher-Yates).
 *
 * @param n how many, a whole number >= 0
 * @param seed a whole number >= 0; its lowest 32 bits count
 * @returns the numbers from 0 to n-1, each once
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`
 *
 * @example
 * ```ts
 * import { shuffledOrder } from '@kd/data';
 * console.log(shuffledOrder(5, 1).join(' '), '|', shuffledOrder(5, 2).join(' '));
 * // 2 4 3 0 1 | 3 4 2 1 0
 * ```
 */
export function shuffledOrder(n: number, seed: number): Int32Array {
  whole(0).read({ where: 'shuffledOrder', argument: 'n' }, n);
  whole(0).read({ where: 'shuffledOrder', argument: 'seed' }, seed);
  const order = Int32Array.from({ length: n }, (_, index) => index);
  const generator = xoroshiro128plus(seed);
  for (let last = n - 1; last > 0; last--) {
    const other = uniformInt(generator, 0, last);
    const kept = order[last] as number;
    order[last] = order[other] as number;
    order[other] = kept;
  }
  return order;
}
