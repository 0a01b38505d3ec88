import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, describeShape, KdError } from '@kd/core';

/** Throws unless `value` is a float32 tensor `[B, ...]` of rank 2 or more without an empty axis. */
export function checkFeatures(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkFloat32(where, argument, value);
  if (value.rank >= 2 && value.size > 0) return;
  const isEmptyBatch = value.rank >= 2 && value.shape[0] === 0;
  throw new KdError({
    code: isEmptyBatch ? 'KD_BATCH_EMPTY' : 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: isEmptyBatch
      ? 'a batch of at least one example'
      : 'of shape [B, ...], rank 2 or more, without an empty axis',
    received: describeShape(value.shape),
    remedy: isEmptyBatch
      ? 'Drop empty batches before they reach the loss.'
      : 'Put the examples on the first axis and their features on the others.',
  });
}

/** Throws unless both are features of equally many examples; the other axes may differ. */
export function checkPair(where: string, teacherFeatures: unknown, studentFeatures: unknown): void {
  checkFeatures(where, 'teacherFeatures', teacherFeatures);
  checkFeatures(where, 'studentFeatures', studentFeatures);
  if (teacherFeatures.shape[0] === studentFeatures.shape[0]) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'teacherFeatures and studentFeatures',
    expected: 'of equally many examples',
    received: `${describeShape(teacherFeatures.shape)} and ${describeShape(studentFeatures.shape)}`,
    remedy: 'Give both the same batch.',
  });
}
