import type { Sums } from './sums.js';

/** A position between two steps of a stage. */
export interface EpochPosition {
  readonly epoch: number;
  /** Steps taken since the start of the stage. */
  readonly step: number;
  /** Batches of this epoch seen so far. */
  readonly batch: number;
  /** The sums so far behind the means of this epoch. */
  readonly sums: Sums;
  /** Time spent in this epoch so far. */
  readonly seconds: number;
}
