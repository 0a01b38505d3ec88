import { add, pad, reverse, slice } from '@tensorflow/tfjs-core';
import type { MirrorPadAttrs, Tensor } from '@tensorflow/tfjs-core';
import type { MendedGradient } from './mended-gradient.js';

/**
 * The gradient of `mirrorPad`: each padded element adds its gradient to the element that it mirrors. tfjs
 * leaves the padding out.
 */
export const mirrorPadGradient: MendedGradient = (dy, _, attrs) => {
  const { paddings, mode } = attrs as unknown as MirrorPadAttrs;
  // A reflection leaves out the outermost element, a symmetric one repeats it.
  const offset = mode === 'reflect' ? 1 : 0;
  return {
    x: () =>
      paddings.reduce(
        (gradient, [before, after], axis) => foldedBack(gradient, axis, before, after, offset),
        dy,
      ),
  };
};

function foldedBack(dy: Tensor, axis: number, before: number, after: number, offset: number): Tensor {
  const size = (dy.shape[axis] as number) - before - after;
  const part = (start: number, length: number): Tensor =>
    slice(
      dy,
      dy.shape.map((_, index) => (index === axis ? start : 0)),
      dy.shape.map((all, index) => (index === axis ? length : all)),
    );
  const mirrored = (start: number, length: number, at: number): Tensor =>
    pad(
      reverse(part(start, length), axis),
      dy.shape.map((_, index) => (index === axis ? [at, size - length - at] : [0, 0])),
    );
  let sum = part(before, size);
  if (before > 0) sum = add(sum, mirrored(0, before, offset));
  if (after > 0) sum = add(sum, mirrored(before + size, after, size - offset - after));
  return sum;
}
