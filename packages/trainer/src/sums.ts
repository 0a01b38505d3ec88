import type { Measurements } from './history.js';

/** Losses of a batch, or of several. */
export interface Losses {
  /** Each term's loss, unweighted, by name; NaN where nothing counts. */
  readonly losses: Measurements;
  /** Weight of each term; losses of other names, the regularisers, have the weight 1. */
  readonly weights: Measurements;
  /** What each loss is a mean over: the sum of the weights of what counts. */
  readonly normalizers: Measurements;
}

/** What the means of one term have added up. */
export interface Sum {
  /** `sum w`. */
  readonly normalizer: number;
  /** `sum w l`. */
  readonly loss: number;
  /** `sum w l` times the term's weight at the time. */
  readonly weighted: number;
}

/** What the means of all terms have added up, by name. */
export type Sums = Readonly<Record<string, Sum>>;

/** Nothing added up yet. */
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

/** The means of what was added up, and the sum over the terms of what they are with their weights. */
export function meansOf(sums: Sums): Pick<Losses, 'losses' | 'normalizers'> & { readonly total: number } {
  const entries = Object.entries(sums);
  // Not the mean of the batches' totals: each term counts other examples.
  const counted = entries.flatMap(([, { normalizer, weighted }]) =>
    normalizer === 0 ? [] : [weighted / normalizer],
  );
  return {
    losses: Object.fromEntries(entries.map(([name, { normalizer, loss }]) => [name, loss / normalizer])),
    normalizers: Object.fromEntries(entries.map(([name, { normalizer }]) => [name, normalizer])),
    total: counted.length === 0 ? NaN : counted.reduce((a, b) => a + b),
  };
}
