import { scalar, tidy } from '@tensorflow/tfjs-core';
import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { withPositiveAxis } from '../with-positive-axis.js';
import type { TensorflowBackend } from './run-op.js';

/**
 * `gather` without reading the indices back: on the processor, TensorFlow itself refuses those out of range.
 *
 * On a GPU it does not, and the stock kernel checks them.
 */
export function gatherChecked(stock: KernelFunc): KernelFunc {
  return withPositiveAxis((given) => {
    const native = given.backend as unknown as TensorflowBackend;
    const { x, indices } = given.inputs as Record<'x' | 'indices', TensorInfo>;
    const { axis, batchDims } = given.attrs as unknown as { axis: number; batchDims: number };
    if (native.isUsingGpuDevice === true) return stock(given);
    const { binding } = native;
    try {
      return tidy(
        () =>
          native.executeMultipleOutputs(
            'GatherV2',
            [{ name: 'batch_dims', type: binding.TF_ATTR_INT, value: batchDims }],
            [x, indices, scalar(axis, 'int32')],
            1,
          )[0] as Tensor,
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      const [, index, size] = /= (-?\d+) is not in \[0, (\d+)\)/.exec(message) ?? [];
      if (index === undefined) throw error;
      // As the stock kernel says it.
      throw new Error(`GatherV2: the index value ${index} is not in [0, ${String(Number(size) - 1)}]`);
    }
  });
}
