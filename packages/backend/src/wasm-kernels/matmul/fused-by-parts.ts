import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { activated, isKnownActivation } from '../activated.js';
import { withTemporaries } from '../with-temporaries.js';

/**
 * A fused matmul kernel that adds the bias and applies the activation with separate kernels.
 *
 * Outside its fast path, for transposed operands and batches, the stock kernel adds the last element of the
 * bias to all rows except the first. It also clips partial sums if the activation is relu or relu6 and the
 * inner size is above 48.
 */
export function fusedByParts(stock: KernelFunc, kernel: (name: string) => KernelFunc): KernelFunc {
  return (given) => {
    const { a, b } = given.inputs;
    const bias = given.inputs['bias'] as TensorInfo | null | undefined;
    // The stock kernel reports unknown activations by name.
    if (!isKnownActivation(given.attrs?.['activation'] ?? 'linear')) return stock(given);
    const backend = given.backend as KernelBackend;
    return withTemporaries(backend, (temporary) => {
      const attrs = { ...given.attrs, activation: 'linear' };
      const product = stock({ inputs: { a, b }, backend, attrs }) as TensorInfo;
      const sum =
        bias == null
          ? product
          : (kernel('Add')({ inputs: { a: temporary(product), b: bias }, backend }) as TensorInfo);
      const output = activated(given, sum);
      if (output !== sum) temporary(sum);
      return output;
    });
  };
}
