import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, describeShape, KdError } from '@kd/core';

/** Throws unless `value` is a float32 tensor `[B, H, W, C]` without an empty axis. */
export function checkFeatureMaps(where: string, argument: string, value: unknown): asserts value is Tensor {
  checkFloat32(where, argument, value);
  if (value.rank === 4 && value.size > 0) return;
  const isMap = value.rank === 4 && value.shape[0] === 0;
  throw new KdError({
    code: isMap ? 'KD_BATCH_EMPTY' : 'KD_TENSOR_SHAPE',
    where,
    argument,
    expected: isMap
      ? 'a batch of at least one example'
      : 'of shape [B, height, width, channels] without an empty axis',
    received: describeShape(value.shape),
    remedy: isMap
      ? 'Drop empty batches before they reach the loss.'
      : 'Pass the output of a convolution or a pooling, channels last.',
  });
}

/** Throws unless both are feature maps of equally many examples; sizes and channels may differ. */
export function checkPair(where: string, teacherFeatures: unknown, studentFeatures: unknown): void {
  checkFeatureMaps(where, 'teacherFeatures', teacherFeatures);
  checkFeatureMaps(where, 'studentFeatures', studentFeatures);
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
