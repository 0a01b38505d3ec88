import { addN, mul, tidy } from '@tensorflow/tfjs-core';
import type { KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { backendName } from './run-op.js';
import type { TensorflowBackend } from './run-op.js';

/**
 * The sum of the squares of all inputs, a scalar: TensorFlow's `L2Loss`, which is half of it, reads each
 * number once and writes none.
 */
export const nativeSumOfSquares: KernelConfig = {
  kernelName: 'SumOfSquares',
  backendName,
  kernelFunc: ({ inputs, backend }) => {
    const native = backend as TensorflowBackend;
    const { binding } = native;
    const type = [{ name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }];
    return tidy(() => {
      const halves = Object.values(inputs).map(
        (input) => native.executeMultipleOutputs('L2Loss', type, [input as TensorInfo], 1)[0] as Tensor,
      );
      return [mul(addN(halves), 2)];
    });
  },
};
