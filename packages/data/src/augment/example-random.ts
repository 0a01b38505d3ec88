import { either, finite, subSeed, text } from '@kd/core';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const rowOrId = either(finite, text);

/** Random numbers of one example in one epoch. */
export interface Random {
  /** A number in (0, 1). */
  uniform(): number;
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** A number from the standard normal distribution. */
  normal(): number;
}

/**
 * Random numbers that depend only on the seed, the epoch and the example, not on its batch or on the order of
 * the examples.
 *
 * @param seed a whole number, for example that of a stream's context
 * @param epoch from 0
 * @param example its row in the data set, or its id
 * @returns a generator at its start
 * @throws `KD_OPTION_TYPE`, `KD_OPTION_RANGE`
 *
 * @example
 * ```ts
 * import { exampleRandom } from '@kd/data';
 * const draw = (epoch: number, row: number) => exampleRandom(1, epoch, row).integer(0, 99);
 * console.log(draw(0, 7) === draw(0, 7), draw(0, 7) === draw(1, 7));
 * // true false
 * ```
 */
export function exampleRandom(seed: number, epoch: number, example: number | string): Random {
  const where = 'exampleRandom';
  finite.read({ where, argument: 'seed' }, seed);
  finite.read({ where, argument: 'epoch' }, epoch);
  rowOrId.read({ where, argument: 'example' }, example);
  const generator = xoroshiro128plus(subSeed(seed, 'augment', epoch, example));
  // The first outputs of xoroshiro show the seed, whose highest bit is always 0.
  for (let skipped = 0; skipped < 32; skipped++) generator.next();
  const uniform = (): number => ((generator.next() >>> 0) + 0.5) / 2 ** 32;
  return {
    uniform,
    integer: (least, most) => least + Math.floor(uniform() * (most - least + 1)),
    // Box and Muller 1958.
    normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
