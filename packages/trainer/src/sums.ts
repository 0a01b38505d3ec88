import type { Measurements } from './history.js';

/** Losses of a batch, or of several. */
export interface Losses {
  /** Each term's unweighted loss by name; NaN if nothing counts. */
  readonly losses: Measurements;
  /** Weight of each term. Losses of other names, the regularisers, have weight 1. */
  readonly weights: Measurements;
  /** The denominator of each loss: the sum of the weights of what counts. */
  readonly normalizers: Measurements;
}

/** The sums behind the means of one term. */
export interface Sum {
  /** `sum w`. */
  readonly normalizer: number;
  /** `sum w l`. */
  readonly loss: number;
  /** `sum w l`, each times the term's weight at that step. */
  readonly weighted: number;
}

/** The sums behind the means of all terms, by name. */
export type Sums = Readonly<Record<string, Sum>>;

/** Empty sums. */
export const noSums: Sums = {};

const nothing: Sum = { normalizer: 0, loss: 0, weighted: 0 };

/** Adds the losses of further batches. */
export function addTo(sums: Sums, { losses, weights, normalizers }: Losses): Sums {
  const added = Object.entries(losses).map(([name, mean]): [string, Sum] => {
    const before = sums[name] ?? nothing;
    const normalizer = normalizers[name] ?? 0;
    if (normalizer === 0) return [name, before];
    const loss = normalizer * mean;
    return [
      name,
      {
        normalizer: before.normalizer + normalizer,
        loss: before.loss + loss,
        weighted: before.weighted + (weights[name] ?? 1) * loss,
      },
    ];
  });
  return Object.fromEntries(added);
}

/** The mean of each term, and the sum over the terms of their weighted means. */
export function meansOf(sums: Sums): Pick<Losses, 'losses' | 'normalizers'> & { readonly total: number } {
  const entries = Object.entries(sums);
  // Not the mean of the batch totals: each term counts different examples.
  const counted = entries.flatMap(([, { normalizer, weighted }]) =>
    normalizer === 0 ? [] : [weighted / normalizer],
  );
  return {
    losses: Object.fromEntries(entries.map(([name, { normalizer, loss }]) => [name, loss / normalizer])),
    normalizers: Object.fromEntries(entries.map(([name, { normalizer }]) => [name, normalizer])),
    total: counted.length === 0 ? NaN : counted.reduce((a, b) => a + b),
  };
}
