import { engine } from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { poolAttributes } from './max-pool-gradient.js';
import type { TensorflowBackend } from './run-op.js';

/**
 * Max pooling whose gradient will be asked for runs as the gradient runs it again, by oneDNN with the places
 * of the maxima. A step that is one function then contains it once.
 */
export function withPlacesOfMaxima(stock: KernelFunc): KernelFunc {
  let isKnown = true;
  return (given) => {
    const native = given.backend as unknown as TensorflowBackend;
    const { x } = given.inputs as { x: TensorInfo };
    const pool = isKnown && hasTape() ? poolAttributes(native, x, given.attrs ?? {}) : undefined;
    if (pool === undefined) return stock(given);
    try {
      const [output, places] = native.executeMultipleOutputs('_MklNativeMaxPool', pool, [x], 2) as [
        Tensor,
        Tensor,
      ];
      places.dispose();
      return output;
    } catch {
      isKnown = false;
      return stock(given);
    }
  };
}

/** Whether a gradient is recorded around this kernel; inside a kernel `isTapeOn` is false. */
function hasTape(): boolean {
  const { state } = engine() as unknown as { readonly state: { readonly gradientDepth: number } };
  return state.gradientDepth > 0;
}
