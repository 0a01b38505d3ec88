import { createHash } from 'node:crypto';

/** SHA-256 of ids in order, and of how they are divided into shards. */
export function digestOfIds(division: 'rows' | 'batches'): {
  readonly add: (ids: readonly string[]) => void;
  readonly hex: () => string;
} {
  const hash = createHash('sha256').update(division);
  return {
    // A shard of a stream is every n-th batch, so the batch boundaries count.
    add: (ids) => void hash.update(JSON.stringify(ids)),
    hex: () => hash.digest('hex'),
  };
}
