import { checkInteger, checkOptions, describeValue, KdError } from '@kd/core';

/** One of `count` parts of a data set, `index` from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Throws unless `shard` is `{ index, count }` with 0 <= index < count. */
export function checkShard(where: string, argument: string, shard: Shard): void {
  checkOptions(where, shard, ['index', 'count'], argument);
  checkInteger(where, `${argument}.count`, shard.count, 1);
  checkInteger(where, `${argument}.index`, shard.index, 0);
  if (shard.index < shard.count) return;
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: `${argument}.index`,
    expected: `below ${argument}.count, ${String(shard.count)}`,
    received: describeValue(shard.index),
    remedy: 'Shards are counted from 0.',
  });
}

/**
 * The shard that a text names, as on a command line: `--shard 3/8` is the fourth of eight.
 *
 * @param text `index/count`, the index from 0
 * @returns the shard
 * @throws `KD_OPTION_TYPE` for a text of another form, `KD_OPTION_RANGE` for an index that is not below the count
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
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (index === undefined || count === undefined) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'text',
      expected: '"index/count" of two whole numbers',
      received: describeValue(text),
      remedy: 'Write 0/8 for the first of eight shards.',
    });
  }
  const shard = { index: Number(index), count: Number(count) };
  checkShard(where, 'text', shard);
  return shard;
}
