import type { DataId, KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { pooled, windowsOfImages, windowsOfVolumes } from './pool-windows.js';
import type { PoolWindows } from './pool-windows.js';

/** A backend whose numbers JavaScript reaches without waiting. */
export type HostBackend = KernelBackend & {
  write(values: Float32Array, shape: number[], dtype: 'float32'): DataId;
};

/** Whether it is sure that all numbers of a float32 tensor are finite. */
export type AllFinite = (backend: KernelBackend, x: TensorInfo) => boolean;

/** What makes an exact kernel of the stock one. */
export type Exact = (stock: KernelFunc, allFinite: AllFinite) => KernelFunc;

// Math.max of a NaN and anything is NaN; so is a sum.
const largest = (window: readonly number[]): number => Math.max(...window);
const average = (window: readonly number[]): number =>
  window.reduce((sum, value) => sum + value, 0) / window.length;

/** Max pooling over images; NaN for a window that holds one. */
export const exactMaxPool: Exact = exactPooling(windowsOfImages as WindowsOf, largest);

/** Max pooling over volumes; NaN for a window that holds one. */
export const exactMaxPool3d: Exact = exactPooling(windowsOfVolumes as WindowsOf, largest);

/** Average pooling over images; NaN for a window that holds one. */
export const exactAvgPool: Exact = exactPooling(windowsOfImages as WindowsOf, average);

type WindowsOf = (shape: readonly number[], attrs: unknown) => PoolWindows;

/**
 * The stock kernel where all numbers are finite, window by window where some are not.
 *
 * The stock kernels compare and clip: a NaN loses every comparison, and another number of its window or the least number there is takes its
 * place.
 */
function exactPooling(windowsOf: WindowsOf, combine: (window: readonly number[]) => number): Exact {
  return (stock, allFinite) => (given) => {
    const { x } = given.inputs as { x: TensorInfo };
    const backend = given.backend as HostBackend;
    if (x.dtype !== 'float32' || allFinite(backend, x)) return stock(given);
    const windows = windowsOf(x.shape, given.attrs);
    const values = pooled(backend.readSync(x.dataId) as Float32Array, windows, combine);
    return {
      dataId: backend.write(values, windows.outShape, 'float32'),
      shape: windows.outShape,
      dtype: 'float32',
    };
  };
}
