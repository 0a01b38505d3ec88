import type { Batch } from '@kd/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Numbers in a typed array. */
export type Numbers = Float32Array | Int32Array | Uint8Array;

/** One value per example: a tensor `[n, ...]`, a typed array of n numbers, or a typed array with its shape `[n, ...]`. */
export type Column = Tensor | Numbers | { readonly values: Numbers; readonly shape: readonly number[] };

/**
 * A data set in memory, as `train` of `@kd/trainer` takes it, with ids. Of what else `train` knows only `mask` reaches the teacher;
 * labels and weights are no input of a teacher.
 */
export interface StoredData {
  /** The only input, or inputs by the names that the model gives them. */
  readonly inputs: Column | Readonly<Record<string, Column>>;
  /** One for each example, each once, in the same order. */
  readonly ids: readonly string[];
  /** `[n, L]` of 0 and 1. */
  readonly mask?: Column;
  readonly labels?: Column;
  readonly targets?: Readonly<Record<string, Column>>;
  readonly sampleWeight?: Column;
  readonly labelled?: Column;
}

/** Batches with ids; each is disposed once its targets are stored. */
export type Batches = AsyncIterable<Batch> | Iterable<Batch>;

/** A function that gives the batches of an epoch, as `train` of `@kd/trainer` takes it; called once, for epoch 0 and seed 0. */
export type BatchesOfEpoch = (context: {
  readonly epoch: number;
  readonly seed: number;
  readonly skip: number;
}) => Batches;

/** What soft targets are stored for. */
export type TransferData = StoredData | Batches | BatchesOfEpoch;

/** A batch whose examples have ids. */
export type BatchWithIds = Batch & { readonly ids: readonly string[] };

/** Data that is read once. */
export interface ReadData {
  /** Whoever takes a batch disposes it. */
  readonly batches: () => AsyncGenerator<BatchWithIds>;
  /** Once all batches were read: number of examples of all shards together, and a digest of their ids. */
  readonly summary: () => { readonly count: number; readonly ids: string };
}
