import type { Tensor } from '@tensorflow/tfjs-core';

/** Tensors by name. */
export type Named = Readonly<Record<string, Tensor>>;

/** What one step is computed from. The first axis of every tensor is the batch, `[B, ...]`. */
export interface Batch {
  /** Inputs by name; a model with one input takes the only entry whatever its name. */
  readonly inputs: Named;
  /** Labels and other targets by name; `labels` is what the hard-target terms read. */
  readonly targets?: Named;
  /** One id per example, for stored targets and memory banks. */
  readonly ids?: readonly string[];
  /** Float32 `[B]`, >= 0: the weight of each example in every term. */
  readonly sampleWeight?: Tensor;
  /** Float32 `[B]` of 0 and 1: which examples have a label. Absent: all have. */
  readonly labelled?: Tensor;
  /** Float32 `[B, L]` of 0 and 1: which positions of a sequence count. Absent: all do. */
  readonly mask?: Tensor;
}

/** What is learnt from the inputs of a batch. */
export type Targets = Omit<Batch, 'inputs'>;

/** The tensors of a batch, for disposal. */
export function tensorsOfBatch(batch: Batch): Tensor[] {
  const optional = [batch.sampleWeight, batch.labelled, batch.mask].filter((tensor) => tensor !== undefined);
  return [...Object.values(batch.inputs), ...Object.values(batch.targets ?? {}), ...optional];
}
