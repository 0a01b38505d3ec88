/**
 * A 31-bit seed derived from a run's seed and from names and numbers that state its purpose.
 *
 * FNV-1a over the text of the parts, then a finaliser, so that neighbouring steps get unrelated seeds.
 *
 * @example
 * ```ts
 * import { subSeed } from '@kd/core';
 * console.log(subSeed(1, 'shuffle', 0) === subSeed(1, 'shuffle', 0), subSeed(1, 'shuffle', 0) === subSeed(1, 'shuffle', 1));
 * // true false
 * ```
 */
export function subSeed(seed: number, ...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify([seed, ...parts]))) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & 0x7fffffff;
}
