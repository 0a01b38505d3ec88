import type { KernelFunc } from '@tensorflow/tfjs-core';
import { exactSign } from '../exact-sign.js';
import { exactMaxPool, exactMaxPool3d } from '../pooling/exact-pooling.js';
import type { AllFinite } from '../pooling/exact-pooling.js';
import { sumOfSquares } from '../sum-of-squares.js';

const allFinite: AllFinite = (backend, { dataId }) =>
  Number.isFinite(sumOfSquares(backend.readSync(dataId) as Float32Array));

/**
 * Replacements for kernels of the cpu backend that turn NaN into a number; each is made from the original.
 */
export const cpuImprovements: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  MaxPool: (stock) => exactMaxPool(stock, allFinite),
  MaxPool3D: (stock) => exactMaxPool3d(stock, allFinite),
  Sign: exactSign,
};
