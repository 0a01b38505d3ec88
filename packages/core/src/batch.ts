import type { Tensor } from '@tensorflow/tfjs-core';

/** Tensors by name. */
export type Named = Readonly<Record<string, Tensor>>;

/** The data of one step. The first axis of every tensor is the batch, `[B, ...]`. */
export interface Batch {
  /** Inputs by name; a model with one input takes the only entry, whatever its name. */
  readonly inputs: Named;
  /** Labels and other targets by name; the hard-target terms read `labels`. */
  readonly targets?: Named;
  /** One id per example, for stored targets and memory banks. */
  readonly ids?: readonly string[];
  /** Float32 `[B]`, >= 0: the weight of each example, applied in every term. */
  readonly sampleWeight?: Tensor;
  /** Float32 `[B]` of 0 and 1: which examples have a label. If absent, all have one. */
  readonly labelled?: Tensor;
  /** Float32 `[B, L]` of 0 and 1: which positions of a sequence count. If absent, all count. */
  readonly mask?: Tensor;
}

/** What the student learns to predict from the inputs of a batch. */
export type Targets = Omit<Batch, 'inputs'>;

/** The tensors of a batch, for disposal. */
export function tensorsOfBatch(batch: Batch): Tensor[] {
  const optional = [batch.sampleWeight, batch.labelled, batch.mask].filter((tensor) => tensor !== undefined);
  return [...Object.values(batch.inputs), ...Object.values(batch.targets ?? {}), ...optional];
}
