/** Numbers by name: losses by term, say; `loss` and `accuracy` of a validation set with the default metrics. */
export type Measurements = Readonly<Record<string, number>>;

/** What is kept of an epoch. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number;
  /** Steps done since the start of the stage. */
  readonly step: number;
  /**
   * Sum over the terms of the mean of `weight * loss`, the weight being that of the step, over what counts for the term in the epoch; plus
   * regularisers. Terms for which nothing counts add nothing; NaN if there is no other.
   */
  readonly total: number;
  /**
   * Each term's unweighted loss, `sum w l / sum w` over all that counts for it in the epoch: examples by their weights, positions that a
   * mask keeps. NaN where nothing counts. Terms of whole batches, and regularisers, count by the examples.
   */
  readonly losses: Measurements;
  /** Absent without a validation set. */
  readonly validation?: Measurements;
  /** Whether this is the best epoch so far. */
  readonly improved: boolean;
  /** Wall-clock time of the epoch, validation included. */
  readonly seconds: number;
}
