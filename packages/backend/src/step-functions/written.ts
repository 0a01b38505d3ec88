import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { End, Graph } from './graph.js';
import type { LentVariable } from './lent-variables.js';

/** An output of a function. */
export interface Output {
  readonly end: End;
  readonly type: number;
  readonly shape: number[];
}

/** A computation that was written down while it ran. */
export interface Written {
  readonly graph: Graph;
  /** Names of the inputs, in their order; each is a placeholder of the graph. */
  readonly inputs: readonly string[];
  readonly state: readonly LentVariable[];
  /** Variables of tfjs and fixed tensors that the computation reads besides its state. */
  readonly captured: readonly Tensor[];
  /** Variables of TensorFlow that single operations are lent. */
  readonly borrowed: readonly number[];
  readonly outputs: Readonly<Record<string, Output>>;
  /** Variables that it has assigned besides its state, with what it assigned. */
  readonly assigned: readonly (Output & { readonly variable: Variable })[];
  /** True if the conditions that it has read are what they were; undefined if it has read none. */
  readonly holds: End | undefined;
  readonly controls: readonly string[];
  /** Why it cannot be a function. */
  readonly refusal: string | undefined;
}
