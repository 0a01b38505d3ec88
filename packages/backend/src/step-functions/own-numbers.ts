import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { idOf } from './function-backend.js';
import type { FunctionBackend } from './function-backend.js';

/**
 * Gives each variable numbers of its own, unless it has them.
 *
 * tfjs lets tensors share them until one is assigned to. A graph would take two such variables for one, also
 * when they have parted.
 */
export function giveOwnNumbers(
  native: FunctionBackend,
  variables: readonly Variable[],
  others: readonly Tensor[],
): void {
  const taken = new Set(others.map((other) => idOf(native, other)));
  for (const variable of variables) {
    if (taken.has(idOf(native, variable))) {
      const copy = tensor(native.readSync(variable.dataId), variable.shape, variable.dtype as 'float32');
      variable.assign(copy);
      copy.dispose();
    }
    taken.add(idOf(native, variable));
  }
}
