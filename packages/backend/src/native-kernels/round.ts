import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { kernelsOn } from './run-kernel.js';
import type { TensorflowBackend } from './run-op.js';

/** `round`, which leaves int32 as it is. The stock kernel returns zeros for int32. */
export function roundOfAnyType(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x } = given.inputs as { x: TensorInfo };
    if (x.dtype !== 'int32') return stock(given);
    return kernelsOn(given.backend as unknown as TensorflowBackend)('Identity', { x }, {});
  };
}
