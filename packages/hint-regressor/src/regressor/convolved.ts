import { conv2d, conv2dTranspose, pad, slice } from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { RegressorPlan } from './kinds.js';

/** The convolution of a plan. */
export function convolved(plan: RegressorPlan, map: Tensor4D, kernel: Tensor4D): Tensor4D {
  const [down, right] = plan.strides;
  const around = (from: number, to: number, stride: number, size: number): [number, number] => {
    const needed = (to - 1) * stride + size;
    return [plan.padding, needed - plan.padding - from];
  };
  const [, height, width] = map.shape;
  const [rows, columns] = kernel.shape;
  // Padded here, because PyTorch pads before the first position, and tfjs's "same" mostly after the last one.
  const padded =
    plan.padding === 0
      ? map
      : pad(map, [
          [0, 0],
          around(height, plan.teacher.height as number, down, rows),
          around(width, plan.teacher.width as number, right, columns),
          [0, 0],
        ]);
  return conv2d(padded, kernel, [down, right], 'valid');
}

/** The transposed convolution of a plan. */
export function transposed(plan: RegressorPlan, map: Tensor4D, kernel: Tensor4D): Tensor4D {
  const { padding, teacher } = plan;
  const [batch] = map.shape;
  const [height, width] = [teacher.height as number, teacher.width as number];
  const whole: [number, number, number, number] = [
    batch,
    height + 2 * padding,
    width + 2 * padding,
    teacher.channels,
  ];
  const larger = conv2dTranspose(map, kernel, whole, plan.strides as [number, number], 'valid');
  if (padding === 0) return larger;
  return slice(larger, [0, padding, padding, 0], [batch, height, width, teacher.channels]);
}
