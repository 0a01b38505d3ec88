import type { Variable } from '@tensorflow/tfjs-core';

/** A weight under a name that depends neither on `trainable` flags nor on the order of creation. */
export interface NamedWeight {
  /** Path of the layer and name of the weight: `backbone/dense_1/kernel`. */
  readonly name: string;
  readonly variable: Variable;
  /**
   * The path of its layer, then of each model around it from the inside out: `['backbone/dense_1',
   * 'backbone']`.
   */
  readonly paths: readonly string[];
  /** Whether it is trained: its layer and every model around it are trainable. */
  readonly trainable: boolean;
  /** Applies the constraint that the layer declares, for example a max-norm; absent without a constraint. */
  readonly constrain?: () => void;
}
