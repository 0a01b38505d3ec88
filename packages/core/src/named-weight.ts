import type { Variable } from '@tensorflow/tfjs-core';

/** A weight of a model under a name that does not depend on `trainable` flags or on the order of creation. */
export interface NamedWeight {
  /** Path of the layer and name of the weight: `backbone/dense_1/kernel`. */
  readonly name: string;
  readonly variable: Variable;
  /** Whether it is to be trained: its layer and every model around it are trainable. */
  readonly trainable: boolean;
  /** Puts the variable back inside the constraint that the layer declares (a max-norm, say); absent without one. */
  readonly constrain?: () => void;
}
