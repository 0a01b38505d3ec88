import type { DataId, KernelBackend, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { sumOfSquares } from './sum-of-squares.js';

type HostBackend = KernelBackend & { write(values: Float32Array, shape: number[], dtype: 'float32'): DataId };

/**
 * The sum of the squares of all inputs, float32 tensors of any number and shape, as one scalar.
 *
 * Composed, the norm of the gradients runs two kernels for each weight, which in a small step takes longer
 * than a layer does.
 *
 * @param read the values of a tensor, without a copy if possible
 */
export function sumOfSquaresKernel(
  backendName: string,
  read: (backend: KernelBackend, x: TensorInfo) => Float32Array,
): KernelConfig {
  return {
    kernelName: 'SumOfSquares',
    backendName,
    kernelFunc: ({ inputs, backend }) => {
      const host = backend as HostBackend;
      const sums = (Object.values(inputs) as TensorInfo[]).map((x) => sumOfSquares(read(host, x)));
      const total = Float32Array.of(sums.reduce((a, b) => a + b, 0));
      return [{ dataId: host.write(total, [], 'float32'), shape: [], dtype: 'float32' }];
    },
  };
}
