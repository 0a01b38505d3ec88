import { check, describeValue, KdError, optionsOf, whole } from '@kd/core';
import type { Check } from '@kd/core';

/** One of `count` parts of a data set; `index` counts from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

const shardOptions = optionsOf<Shard>()({ index: whole(0), count: whole(1) });

/** A shard as an option: `{ index, count }` with 0 <= index < count. */
export const shard: Check<Shard> = check('a shard, with index and count', ({ where, argument }, value) => {
  const read = shardOptions.read(where, value as Shard, argument);
  if (read.index < read.count) return read;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: `${argument}.index`,
    expected: `below ${argument}.count, ${String(read.count)}`,
    received: describeValue(read.index),
    remedy: 'Count shards from 0.',
  });
});

/**
 * Parses a shard, for example from a command line: `--shard 3/8` is the fourth of eight.
 *
 * @param text `index/count`, the index from 0
 * @returns the shard
 * @throws `KD_OPTION_TYPE` for text of another form, `KD_OPTION_RANGE` for an index that is not below the
 *   count
 *
 * @example
 * ```ts
 * import { parseShard } from '@kd/stored-soft-targets';
 * console.log(parseShard('3/8'));
 * // { index: 3, count: 8 }
 * ```
 */
export function parseShard(text: string): Shard {
  const where = 'parseShard';
  const given: unknown = text;
  const [, index, count] = (typeof given === 'string' && /^(\d+)\/(\d+)$/.exec(given)) || [];
  if (index === undefined || count === undefined) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'text',
      expected: '"index/count" with two whole numbers',
      received: describeValue(text),
      remedy: 'Write 0/8 for the first of eight shards.',
    });
  }
  return shard.read({ where, argument: 'text' }, { index: Number(index), count: Number(count) });
}
