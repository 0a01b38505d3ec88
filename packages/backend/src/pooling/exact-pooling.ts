import type { DataId, KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { pooled, windowsOfImages, windowsOfVolumes } from './pool-windows.js';
import type { PoolWindows } from './pool-windows.js';

/** A backend whose numbers JavaScript can read without waiting. */
export type HostBackend = KernelBackend & {
  write(values: Float32Array, shape: number[], dtype: 'float32'): DataId;
};

/** Whether all numbers of a float32 tensor are certainly finite. */
export type AllFinite = (backend: KernelBackend, x: TensorInfo) => boolean;

/** Makes an exact kernel from the stock one. */
export type Exact = (stock: KernelFunc, allFinite: AllFinite) => KernelFunc;

// Math.max of NaN and anything is NaN; so is a sum.
const largest = (window: readonly number[]): number => Math.max(...window);
const average = (window: readonly number[]): number =>
  window.reduce((sum, value) => sum + value, 0) / window.length;

/** Max pooling over images; NaN for windows that contain NaN. */
export const exactMaxPool: Exact = exactPooling(windowsOfImages as WindowsOf, largest);

/** Max pooling over volumes; NaN for windows that contain NaN. */
export const exactMaxPool3d: Exact = exactPooling(windowsOfVolumes as WindowsOf, largest);

/** Average pooling over images; NaN for windows that contain NaN. */
export const exactAvgPool: Exact = exactPooling(windowsOfImages as WindowsOf, average);

type WindowsOf = (shape: readonly number[], attrs: unknown) => PoolWindows;

/**
 * Runs the stock kernel if all numbers are finite, and otherwise computes each window itself.
 *
 * The stock kernels compare and clip. NaN loses every comparison, so another number of the window or the
 * smallest possible number takes its place.
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
