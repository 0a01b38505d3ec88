import type { Tensor } from '@tensorflow/tfjs-core';

/** Tensors by name. */
export type Named = Readonly<Record<string, Tensor>>;

/** The data of one step. The first axis of every tensor is the batch, `[B, ...]`. */
export interface Batch {
  /** Inputs by name; a model with one input takes the only entry, whatever its name. */
  readonly inputs: Named;
  /** Labels and other targets by name; terms on labels read `labels`. */
  readonly targets?: Named;
  /** One id per example, for teachers that look answers up. */
  readonly ids?: readonly string[];
  /** Int32 `[B]`: the row of each example in the data set, from 0, for memory banks. */
  readonly rows?: Tensor;
  /** Float32 `[B]`, >= 0: the weight of each example, applied in every term. */
  readonly sampleWeight?: Tensor;
  /** Float32 `[B]` of 0 and 1: which examples have targets. If absent, all have them. */
  readonly labelled?: Tensor;
  /** Float32 of 0 and 1, `[B, L]` for sequences, `[B, H, W]` for maps: which positions count. Absent: all. */
  readonly mask?: Tensor;
}

/** What the student learns to predict from the inputs of a batch. */
export type Targets = Omit<Batch, 'inputs'>;

/** The tensors of a batch, for disposal. */
export function tensorsOfBatch(batch: Batch): Tensor[] {
  const { rows, sampleWeight, labelled, mask } = batch;
  const optional = [rows, sampleWeight, labelled, mask].filter((tensor) => tensor !== undefined);
  return [...Object.values(batch.inputs), ...Object.values(batch.targets ?? {}), ...optional];
}
