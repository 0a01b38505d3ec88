import { join } from 'node:path';
import type { Shard } from '../shard.js';

/** The name of a shard's directory: `shard-00003-of-00008`. */
export function shardName({ index, count }: Shard): string {
  return `shard-${digits(index)}-of-${digits(count)}`;
}

/** The shard that a directory name stands for; undefined if it does not name a shard. */
export function shardOfName(name: string): Shard | undefined {
  const [, index, count] = /^shard-(\d+)-of-(\d+)$/.exec(name) ?? [];
  if (index === undefined || count === undefined) return undefined;
  return Number(index) < Number(count) ? { index: Number(index), count: Number(count) } : undefined;
}

/** Where a run writes: to `out` itself, or to the directory of its shard. */
export function directoryOf(out: string, shard: Shard | undefined): string {
  return shard === undefined ? out : join(out, shardName(shard));
}

/** The name of a Parquet file: `part-00000.parquet`. */
export function partName(number: number): string {
  return `part-${digits(number)}.parquet`;
}

/** Whether a file has the name of a Parquet file of a set. */
export function isPartName(name: string): boolean {
  return /^part-\d+\.parquet$/.test(name);
}

function digits(number: number): string {
  return String(number).padStart(5, '0');
}
