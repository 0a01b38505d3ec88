import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { activated, isKnownActivation } from '../activated.js';
import { withTemporaries } from '../with-temporaries.js';

/**
 * A fused matmul kernel that adds the bias and applies the activation by kernels of their own.
 *
 * Outside its fast path, that is for transposed operands and for batches, the stock kernel takes the last element of the bias
 * for all rows but the first, and clips the partial sums of an inner size above 48 for relu and relu6.
 */
export function fusedByParts(stock: KernelFunc, kernel: (name: string) => KernelFunc): KernelFunc {
  return (given) => {
    const { a, b } = given.inputs;
    const bias = given.inputs['bias'] as TensorInfo | null | undefined;
    // The stock kernel names an activation that it does not know.
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
