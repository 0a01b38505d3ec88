import type { Tensor } from '@tensorflow/tfjs-core';

/** What a layer has kept of the positions before. */
export interface SeenPositions {
  /** Number of positions that it has seen. */
  readonly count: number;
  /** What it returned last; empty before the first positions. It belongs to the caller. */
  readonly kept: readonly Tensor[];
}

/** The values of the next positions, and what is to be kept of them and of those before. */
export interface NextValues {
  readonly value: Tensor;
  /** New tensors, none of the inputs among them. */
  readonly kept: readonly Tensor[];
}

/**
 * A layer of sequences that can go on where it stopped: its value at a position follows from that position
 * and those before it.
 *
 * Attention keeps keys and values, positions their number. `forwardNext` of @kd/model runs a model with such
 * layers on the next positions alone.
 */
export interface ContinuableLayer {
  /**
   * The values at the next positions, `[B, n, ...]`, as if the sequence had been given whole.
   *
   * @throws a `KdError` if the layer looks at later positions
   */
  next(inputs: readonly Tensor[], seen: SeenPositions): NextValues;
}
