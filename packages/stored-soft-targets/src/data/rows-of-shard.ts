import { KdError } from '@kd/core';
import { rowsFrom } from '@kd/data';
import type { Shard } from '../shard.js';

/** The rows of a shard, or all rows. */
export function rowsOfShard(where: string, size: number, shard: Shard | undefined): Int32Array {
  const { index, count } = shard ?? { index: 0, count: 1 };
  if (count <= size) {
    return rowsFrom(Math.floor((index * size) / count), Math.floor(((index + 1) * size) / count));
  }
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'options.shard.count',
    expected: `at most ${String(size)}, the number of examples`,
    received: String(count),
    remedy: 'Use fewer shards.',
  });
}
