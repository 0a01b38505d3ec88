import type { Batch } from '@kd/core';
import type { Column } from './column.js';

/** A data set in memory: tensors or typed arrays, first axis the examples. Nothing of it is disposed or changed. */
export interface InMemoryData {
  /** The only input, or inputs by the names that the model gives them. */
  readonly inputs: Column | Readonly<Record<string, Column>>;
  /** Short for `targets: { labels }`. */
  readonly labels?: Column;
  readonly targets?: Readonly<Record<string, Column>>;
  /** `[n]`, >= 0. */
  readonly sampleWeight?: Column;
  /** `[n]` of 0 and 1: which examples have a label. */
  readonly labelled?: Column;
  /** `[n, L]` of 0 and 1. */
  readonly mask?: Column;
  /** One non-empty string for each example; the same id is the same example. */
  readonly ids?: readonly string[];
}

/** What a stream may depend on. */
export interface StreamContext {
  /** Epoch from 0, for shuffling. */
  readonly epoch: number;
  /** Seed of this epoch's order. */
  readonly seed: number;
  /** Batches to leave out at the start, because they were seen before a break. */
  readonly skip: number;
}

/** Batches, for one pass. Whoever reads them disposes each. */
export type Batches = AsyncIterable<Batch> | Iterable<Batch>;

/** Gives the batches of one epoch. */
export type BatchStream = (context: StreamContext) => Batches;

/** Data that can be gone through again and again, as a training does. */
export type RepeatableData = InMemoryData | BatchStream;

/** Data for one pass. */
export type Data = RepeatableData | Batches;
