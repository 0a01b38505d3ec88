import { div, exp, max, sub, sum, tidy } from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from './run-op.js';

/**
 * Softmax composed of operations that are the same alone and in a function.
 *
 * In a function on a processor, TensorFlow puts oneDNN's softmax in place of its own: it has other last digits,
 * and turns a row with NaN into zeros beside the NaN.
 */
export function composedSoftmax(stock: KernelFunc): KernelFunc {
  return (given) => {
    const native = given.backend as unknown as TensorflowBackend;
    const { logits } = given.inputs as { logits: Tensor };
    if (native.isUsingGpuDevice === true || logits.dtype !== 'float32') return stock(given);
    return tidy(() => {
      const powers = exp(sub(logits, max(logits, -1, true)));
      return div(powers, sum(powers, -1, true));
    });
  };
}
