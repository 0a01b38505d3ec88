import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { HostBackend } from './pooling/exact-pooling.js';

/**
 * The sign of float32 numbers, NaN for NaN. The stock kernels return 0 for NaN; wasm's also for all numbers
 * within 1e-7 of zero.
 */
export function exactSign(stock: KernelFunc): KernelFunc {
  return (given) => {
    const { x } = given.inputs as { x: TensorInfo };
    const backend = given.backend as HostBackend;
    if (x.dtype !== 'float32') return stock(given);
    const values = (backend.readSync(x.dataId) as Float32Array).map(Math.sign);
    return { dataId: backend.write(values, x.shape, 'float32'), shape: x.shape, dtype: 'float32' };
  };
}
