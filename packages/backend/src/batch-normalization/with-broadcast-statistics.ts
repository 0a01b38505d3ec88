import type { FusedBatchNormAttrs, KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { composed } from '../composed.js';
import { repeats } from '../repeats.js';

/**
 * Batch normalisation on a backend whose stock kernel repeats the statistics along the last axes, whatever
 * their shape is, which is wrong for channels that are not the last axis.
 */
export function withBroadcastStatistics(stock: KernelFunc, backendName: string): KernelFunc {
  return (given) => {
    const { x, mean, variance, scale, offset } = given.inputs as Record<
      'x' | 'mean' | 'variance',
      TensorInfo
    > & { scale?: TensorInfo | null; offset?: TensorInfo | null };
    if ([mean, variance, scale, offset].every((part) => part == null || repeats(part.shape, x.shape)))
      return stock(given);
    const { varianceEpsilon: value } = given.attrs as unknown as FusedBatchNormAttrs;
    return composed(
      given.backend as KernelBackend,
      (run) => {
        const epsilon = run('Fill', {}, { shape: [], value, dtype: 'float32' });
        const inverse = run('Rsqrt', { x: run('Add', { a: variance, b: epsilon }) });
        const factor = scale == null ? inverse : run('Multiply', { a: inverse, b: scale });
        const scaled = run('Multiply', { a: run('Sub', { a: x, b: mean }), b: factor });
        return offset == null ? scaled : run('Add', { a: scaled, b: offset });
      },
      backendName,
    );
  };
}
