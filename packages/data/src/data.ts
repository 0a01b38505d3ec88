import type { Batch } from '@kd/core';
import type { Column } from './column.js';

/**
 * A data set in memory: tensors or typed arrays, with examples on the first axis. It is neither disposed nor
 * changed.
 */
export interface InMemoryData {
  /** The only input, or inputs under the names that the model gives them. */
  readonly inputs: Column | Readonly<Record<string, Column>>;
  /** Short for `targets: { labels }`. */
  readonly labels?: Column;
  readonly targets?: Readonly<Record<string, Column>>;
  /** `[n]`, >= 0. */
  readonly sampleWeight?: Column;
  /** `[n]` of 0 and 1: which examples have a label. */
  readonly labelled?: Column;
  /** `[n, L]` or `[n, H, W]` of 0 and 1: the positions that count. */
  readonly mask?: Column;
  /** One non-empty string per example; equal ids mean the same example. */
  readonly ids?: readonly string[];
}

/** The values that a stream may depend on. */
export interface StreamContext {
  /** Epoch from 0, for shuffling. */
  readonly epoch: number;
  /** Seed for the order of this epoch. */
  readonly seed: number;
  /** Number of batches to skip at the start, because they were processed before an interruption. */
  readonly skip: number;
  /** Passes that the training has made before, those of earlier stages too; default: `epoch`. */
  readonly pass?: number;
}

/** Batches for one pass. Whoever reads a batch disposes it. */
export type Batches = AsyncIterable<Batch> | Iterable<Batch>;

/** Returns the batches of one epoch. */
export type BatchStream = (context: StreamContext) => Batches;

/** A stream that says how many examples an epoch has, for terms that read rows. */
export interface SizedStream {
  readonly batches: BatchStream;
  /** Number of examples in the data set, a whole number >= 1; the rows of its batches lie below it. */
  readonly size?: number;
}

/** Data that can be iterated repeatedly, as training needs it. */
export type RepeatableData = InMemoryData | BatchStream | SizedStream;

/** Data for one pass. */
export type Data = RepeatableData | Batches;
