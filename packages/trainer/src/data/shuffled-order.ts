import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The numbers 0 to n-1 in an order that depends on the seed alone (Fisher-Yates). */
export function shuffledOrder(n: number, seed: number): Int32Array {
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
