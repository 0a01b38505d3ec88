import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { withAllInputs } from '../batch-normalization/with-all-inputs.js';
import { withBroadcastStatistics } from '../batch-normalization/with-broadcast-statistics.js';
import { exactSign } from '../exact-sign.js';
import { withBroadcastBatches } from '../matmul/with-broadcast-batches.js';
import { exactMaxPool, exactMaxPool3d } from '../pooling/exact-pooling.js';
import type { AllFinite } from '../pooling/exact-pooling.js';
import { sumOfSquares } from '../sum-of-squares.js';
import {
  inputGradientOverVolumes,
  overVolumes,
  poolingGradientOverVolumes,
} from '../windows/reached-volumes.js';
import { withPositiveAxis } from '../with-positive-axis.js';
import { maxPool3dGradient } from './max-pool-3d-gradient.js';
import { keepingItsInput } from './tensor-scatter-update.js';

/** The values of a float32 tensor, as the backend holds them or a copy. */
export const valuesOf = (backend: KernelBackend, { dataId }: TensorInfo): Float32Array =>
  backend.readSync(dataId) as Float32Array;

const allFinite: AllFinite = (backend, x) => Number.isFinite(sumOfSquares(valuesOf(backend, x)));

const cpu = 'cpu';

/** Replacements for kernels of the cpu backend, each made from the original. */
export const cpuImprovements: Readonly<Record<string, (stock: KernelFunc) => KernelFunc>> = {
  BatchMatMul: (stock) => withBroadcastBatches(stock, cpu),
  _FusedMatMul: (stock) => withBroadcastBatches(stock, cpu),
  FusedBatchNorm: (stock) => withAllInputs(withBroadcastStatistics(stock, cpu)),
  Conv3D: (stock) => overVolumes(stock, cpu),
  Conv3DBackpropFilterV2: (stock) => overVolumes(stock, cpu),
  Conv3DBackpropInputV2: (stock) => inputGradientOverVolumes(stock, cpu),
  AvgPool3D: (stock) => overVolumes(stock, cpu),
  AvgPool3DGrad: (stock) => poolingGradientOverVolumes(stock, cpu),
  Cumprod: withPositiveAxis,
  Cumsum: withPositiveAxis,
  MaxPool: (stock) => exactMaxPool(stock, allFinite),
  MaxPool3D: (stock) => overVolumes(exactMaxPool3d(stock, allFinite), cpu),
  MaxPool3DGrad: (stock) => poolingGradientOverVolumes(maxPool3dGradient(stock), cpu),
  Sign: exactSign,
  TensorScatterUpdate: keepingItsInput,
};
