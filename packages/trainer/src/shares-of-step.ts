import type { Losses } from './sums.js';

/** The share that each batch of a step has in the mean of each term, by name. */
export type Shares = Readonly<Record<string, number>>;

/**
 * For each batch, the share `sum w of the batch / sum w of the step` that it has in the mean of each term; 0
 * in a term for which nothing counts in the whole step.
 */
export function sharesOf(batches: readonly Pick<Losses, 'normalizers'>[]): Shares[] {
  const names = Object.keys(batches[0]?.normalizers ?? {});
  const total = (name: string): number =>
    batches.reduce((sum, { normalizers }) => sum + (normalizers[name] ?? 0), 0);
  const totals = new Map(names.map((name) => [name, total(name)]));
  return batches.map(({ normalizers }) =>
    Object.fromEntries(
      names.map((name) => {
        const sum = totals.get(name) ?? 0;
        return [name, sum === 0 ? 0 : (normalizers[name] ?? 0) / sum];
      }),
    ),
  );
}

/**
 * The share of a batch if all terms agree on it, else undefined. Terms for which nothing counts agree with
 * any, and regularisers too, which are the same in every batch.
 */
export function commonShare(shares: Shares, empty: ReadonlySet<string>): number | undefined {
  const named = Object.entries(shares).filter(([name]) => name !== 'regularizers' && !empty.has(name));
  const [first] = named.map(([, share]) => share);
  if (first === undefined) return shares['regularizers'] ?? 0;
  // Weights are summed in float32.
  return named.every(([, share]) => Math.abs(share - first) <= 1e-6 * first) ? first : undefined;
}
