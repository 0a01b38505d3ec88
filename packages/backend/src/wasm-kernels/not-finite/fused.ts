import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { activated } from '../activated.js';
import { withTemporaries } from '../with-temporaries.js';
import { noteLargest } from './norm.js';
import { largestSum } from './sums-of-products.js';
import type { Operands } from './sums-of-products.js';

/**
 * A fused kernel whose relu and relu6 keep NaN: unless all intermediate numbers are certainly finite, it
 * applies them as a separate kernel.
 */
export function activatedApart(stock: KernelFunc, operands: Operands): KernelFunc {
  return (given) => {
    const { activation } = given.attrs ?? {};
    if (activation !== 'relu' && activation !== 'relu6') return stock(given);
    const largest = largestSum(given, operands);
    if (largest !== undefined) {
      const output = stock(given) as TensorInfo;
      noteLargest(output, largest);
      return output;
    }
    return withTemporaries(given.backend as KernelBackend, (temporary) => {
      const attrs = { ...given.attrs, activation: 'linear' };
      return activated(given, temporary(stock({ ...given, attrs }) as TensorInfo));
    });
  };
}
