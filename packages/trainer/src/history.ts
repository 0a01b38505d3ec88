/**
 * Numbers by name: the losses of the terms, or `loss` and `accuracy` of a validation set with the default
 * metrics.
 */
export type Measurements = Readonly<Record<string, number>>;

/** The record of an epoch. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number;
  /** Steps taken since the start of the stage. */
  readonly step: number;
  /**
   * Sum over the terms of the mean of `weight * loss` over what counts for the term in the epoch, with the
   * weight at each step; plus regularisers. Terms for which nothing counts add nothing; NaN if there is no
   * other term.
   */
  readonly total: number;
  /**
   * Each term's unweighted loss, `sum w l / sum w` over everything that counts for it in the epoch: examples
   * by their weights, positions that a mask keeps. NaN if nothing counts. Terms that relate whole batches,
   * and regularisers, are weighted by the number of examples.
   */
  readonly losses: Measurements;
  /** Absent without a validation set. */
  readonly validation?: Measurements;
  /** Whether this is the best epoch so far. */
  readonly improved: boolean;
  /** Wall-clock time of the epoch, validation included. */
  readonly seconds: number;
}
