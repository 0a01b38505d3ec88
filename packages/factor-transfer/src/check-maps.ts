import { describeShape, KdError } from '@kd/core';
import type { FeatureShape, Shape } from '@kd/core';

export const mapsOfKnownChannels: FeatureShape = {
  expected: 'of shape [B, height, width, channels] with known channels',
  fits: (shape) => shape.length === 4 && typeof shape[3] === 'number',
  remedy: 'Pass the output of a convolution or pooling layer, channels last.',
};

/** Throws unless the teacher's tap is such a map, for a term that reads nothing else. */
export function checkTeacher(where: string, shape: Shape): void {
  const { expected, fits } = mapsOfKnownChannels;
  if (fits(shape)) return;
  throw new KdError({
    code: 'KD_TENSOR_SHAPE',
    where,
    argument: 'options.teacher',
    expected: `a tap ${expected}`,
    received: describeShape(shape),
    remedy: 'Tap a convolution or pooling layer; listTaps lists all taps of a model with their shapes.',
  });
}
