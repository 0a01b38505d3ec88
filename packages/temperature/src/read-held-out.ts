import type { Tensor } from '@tensorflow/tfjs-core';
import { checkClassTensor, checkShape, checkTensor, describeValue, KdError } from '@kd/core';

/** A held-out set in memory: `rows * classes` numbers in row-major order, and one class id a row. */
export interface HeldOut {
  readonly values: Float64Array;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

function checkClassIds(where: string, labels: unknown): asserts labels is Tensor {
  checkTensor(where, 'labels', labels);
  if (labels.dtype === 'int32' || labels.dtype === 'float32') return;
  throw new KdError({
    code: 'KD_TENSOR_DTYPE',
    where,
    argument: 'labels',
    expected: 'an int32 or float32 tensor',
    received: describeValue(labels),
    remedy: 'Pass the number of each class.',
  });
}

/** Reads logits or probabilities `[B, N]` and class ids `[B]` once, and checks them. */
export async function readHeldOut(
  where: string,
  argument: string,
  scores: Tensor,
  labels: Tensor,
): Promise<HeldOut> {
  checkClassTensor(where, argument, scores, 2);
  const [rows, classes] = scores.shape as [number, number];
  checkShape(where, argument, scores, [rows, classes]);
  checkClassIds(where, labels);
  checkShape(where, 'labels', labels, [rows]);
  const [values, ids] = await Promise.all([scores.data(), labels.data()]);
  for (const [row, id] of ids.entries()) {
    if (Number.isInteger(id) && id >= 0 && id < classes) continue;
    throw new KdError({
      code: 'KD_LABEL_RANGE',
      where,
      argument: `labels[${String(row)}]`,
      expected: `a class id from 0 to ${String(classes - 1)}`,
      received: describeValue(id),
      remedy: 'Leave out the rows that have no label.',
    });
  }
  return { values: Float64Array.from(values), labels: ids, classes };
}
