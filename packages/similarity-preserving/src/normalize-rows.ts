import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, describeShape, KdError } from '@kd/core';

/**
 * How the rows of similarities are made comparable: takes float32 `[B, B]` and returns as much. `rowsToUnitLength`,
 * `rowsToUnitSum`, or a function of your own that tfjs can differentiate. The similarities come up to one positive factor, so its
 * result must not depend on their scale. The row of an example whose features are all zero is zero.
 */
export type NormalizeRows = (similarities: Tensor) => Tensor;

/** Throws unless `value` is float32 `[B, N]` without an empty axis. */
export function checkRows(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkFloat32(where, argument, value);
  if (value.rank === 2 && value.size > 0) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: 'of shape [rows, columns] without an empty axis',
    received: describeShape(value.shape),
    remedy: 'Pass a matrix of similarities.',
  });
}
