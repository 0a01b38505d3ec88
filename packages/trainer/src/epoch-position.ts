import type { Sums } from './sums.js';

/** A place between two steps of a stage. */
export interface EpochPosition {
  readonly epoch: number;
  /** Steps done since the start of the stage. */
  readonly step: number;
  /** Batches of this epoch that were seen. */
  readonly batch: number;
  /** What the means of this epoch have added up so far. */
  readonly sums: Sums;
  /** Time of this epoch so far. */
  readonly seconds: number;
}
