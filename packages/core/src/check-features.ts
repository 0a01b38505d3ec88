import type { Tensor } from '@tensorflow/tfjs-core';
import { checkFloat32, checkNotEmpty, shapeFault } from './check-tensor.js';
import { describeShape } from './describe-value.js';
import { KdError } from './kd-error.js';
import type { Shape } from './shape.js';

/** The feature shapes that a method accepts; the first axis is the batch. */
export interface FeatureShape {
  /** Completes "must be ...": `of shape [B, height, width, channels]`. */
  readonly expected: string;
  readonly fits: (shape: Shape) => boolean;
  readonly remedy: string;
}

/** Features of any shape, which give each example a row once they are flattened. */
export const rowsOfFeatures: FeatureShape = {
  expected: 'of shape [B, ..., D]',
  fits: ({ length }) => length >= 2,
  remedy: 'Put the examples on the first axis and their features on the others.',
};

/** Features that have positions. */
export const featureMaps: FeatureShape = {
  expected: 'of shape [B, height, width, channels]',
  fits: ({ length }) => length === 4,
  remedy: 'Pass the output of a convolution or pooling layer, channels last.',
};

/** Throws unless `value` is a float32 tensor of an accepted shape, with examples and no empty axis. */
export function checkFeatures(
  where: string,
  argument: string,
  value: unknown,
  { fits, expected, remedy }: FeatureShape,
): asserts value is Tensor {
  checkFloat32(where, argument, value);
  if (!fits(value.shape) || (value.size === 0 && value.shape[0] !== 0))
    throw shapeFault({ where, argument, expected: `${expected} without an empty axis`, remedy }, value.shape);
  checkNotEmpty(where, argument, value);
}

/** Throws unless both are valid features with the same number of examples; the other axes may differ. */
export function checkFeaturePair(
  where: string,
  teacherFeatures: unknown,
  studentFeatures: unknown,
  shape: FeatureShape,
): void {
  checkFeatures(where, 'teacherFeatures', teacherFeatures, shape);
  checkFeatures(where, 'studentFeatures', studentFeatures, shape);
  if (teacherFeatures.shape[0] === studentFeatures.shape[0]) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'teacherFeatures and studentFeatures',
    expected: 'features with the same number of examples',
    received: `${describeShape(teacherFeatures.shape)} and ${describeShape(studentFeatures.shape)}`,
    remedy: 'Compute both from the same batch.',
  });
}
