import type { Tensor } from '@tensorflow/tfjs-core';
import { checkTensor, describeValue, KdError } from '@kd/core';

/** Throws unless `labels` is a live int32 or float32 tensor, as class ids must be. */
export function checkIds(where: string, argument: string, labels: unknown): asserts labels is Tensor {
  checkTensor(where, argument, labels);
  if (labels.dtype === 'int32' || labels.dtype === 'float32') return;
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument,
    expected: 'an int32 or float32 tensor',
    received: describeValue(labels),
    remedy: 'Pass class ids, the index of the class for each example.',
  });
}
