import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { withTemporaries } from '../with-temporaries.js';

const activationKernels: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
};

/**
 * A fused matmul kernel that adds the bias and applies the activation by kernels of their own.
 *
 * Outside its fast path, that is for transposed operands and for batches, the stock kernel takes the last element of the bias
 * for all rows but the first, and clips the partial sums of an inner size above 48 for relu and relu6.
 */
export function fusedByParts(stock: KernelFunc, kernel: (name: string) => KernelFunc): KernelFunc {
  return (given) => {
    const { a, b, preluActivationWeights } = given.inputs;
    const bias = given.inputs['bias'] as TensorInfo | null | undefined;
    const { activation = 'linear', leakyreluAlpha = 0.2 } = given.attrs ?? {};
    const activationKernel = activationKernels[activation as string];
    // The stock kernel names an activation that it does not know.
    if (activationKernel === undefined && activation !== 'linear') return stock(given);
    const backend = given.backend as KernelBackend;
    return withTemporaries(backend, (temporary) => {
      const attrs = { ...given.attrs, activation: 'linear' };
      const product = stock({ inputs: { a, b }, backend, attrs }) as TensorInfo;
      const sum =
        bias == null
          ? product
          : (kernel('Add')({ inputs: { a: temporary(product), b: bias }, backend }) as TensorInfo);
      if (activationKernel === undefined) return sum;
      const alpha = activation === 'prelu' ? { alpha: preluActivationWeights } : {};
      const inputs = { x: temporary(sum), ...alpha };
      return kernel(activationKernel)({ inputs, backend, attrs: { alpha: Number(leakyreluAlpha) } });
    });
  };
}
