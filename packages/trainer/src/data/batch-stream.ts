import type { Batch } from '@kd/core';

/** What a stream may depend on. */
export interface StreamContext {
  /** Epoch from 0, for shuffling. */
  readonly epoch: number;
  /** Seed of this epoch's order. */
  readonly seed: number;
  /** Batches to leave out at the start, because they were seen before a break. */
  readonly skip: number;
}

/** Gives the batches of one epoch. The trainer disposes each batch after its step. */
export type BatchStream = (context: StreamContext) => AsyncIterable<Batch> | Iterable<Batch>;
