import { createHash } from 'node:crypto';

/** SHA-256 of ids in their order, and of how they are divided among shards. */
export function digestOfIds(division: 'rows' | 'batches'): {
  readonly add: (ids: readonly string[]) => void;
  readonly hex: () => string;
} {
  const hash = createHash('sha256').update(division);
  return {
    // Shards of a stream are every n-th batch, so the borders of its batches count.
    add: (ids) => void hash.update(JSON.stringify(ids)),
    hex: () => hash.digest('hex'),
  };
}
