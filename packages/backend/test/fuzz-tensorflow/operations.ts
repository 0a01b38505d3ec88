import * as tf from '@tensorflow/tfjs-core';
import type { Window } from './draw-window.js';
import type { Operation } from './operation.js';

type Draw = (window: Window) => Omit<Operation, 'name'>;

/**
 * Operations with a window, and matrix products of similar sizes. Excludes cases that stock cpu, the
 * reference, gets wrong.
 */
export const operations: Readonly<Record<string, Draw>> = {
  conv2d: ({ batch, image, channels, filters, kernel, strides, pad }) => ({
    shapes: [[batch, ...image, channels], [...kernel, channels, filters]], // prettier-ignore
    f: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad),
  }),
  fusedConv2d: ({ batch, image, channels, filters, kernel, strides, pad }) => ({
    shapes: [[batch, ...image, channels], [...kernel, channels, filters], [filters]], // prettier-ignore
    f: (x, filter, bias) =>
      tf.fused.conv2d({
        ...{ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides, pad },
        ...{ bias, activation: 'relu' },
      }),
  }),
  conv1d: ({ batch, image: [length], channels, filters, kernel: [kernel], strides: [stride], pad }) => ({
    shapes: [[batch, length, channels], [kernel, channels, filters]], // prettier-ignore
    f: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, stride, pad),
  }),
  conv2dTranspose: ({ batch, image, channels, filters, kernel, strides }) => ({
    shapes: [[batch, ...image, filters], [...kernel, channels, filters]], // prettier-ignore
    f: (x, w) => {
      const shape: tf.Tensor4D['shape'] = [batch, image[0] * strides[0], image[1] * strides[1], channels];
      return tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, shape, strides, 'same');
    },
  }),
  depthwiseConv2d: ({ batch, image, channels, kernel, strides: [stride], pad, multiplier }) => ({
    shapes: [[batch, ...image, channels], [...kernel, channels, multiplier]], // prettier-ignore
    f: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
  }),
  separableConv2d: ({ batch, image, channels, filters, kernel, strides: [stride], pad, multiplier }) => ({
    shapes: [
      [batch, ...image, channels],
      [...kernel, channels, multiplier],
      [1, 1, multiplier * channels, filters],
    ],
    f: (x, depthwise, pointwise) =>
      tf.separableConv2d(x as tf.Tensor4D, depthwise as tf.Tensor4D, pointwise as tf.Tensor4D, stride, pad),
  }),
  conv3d: ({ batch, image, channels, filters, kernel, strides, depth: [depth, deep] }) => ({
    shapes: [
      [batch, depth, Math.min(8, image[0]), Math.min(8, image[1]), channels],
      [deep, ...kernel, channels, filters],
    ],
    // cpu is wrong for "same" with a stride above the kernel size.
    f: (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, [strides[0], ...strides], 'valid'),
  }),
  maxPool: ({ batch, image, channels, kernel, strides, pad }) => ({
    shapes: [[batch, ...image, channels]],
    f: (x) => tf.maxPool(x as tf.Tensor4D, kernel, strides, pad),
  }),
  avgPool: ({ batch, image, channels, kernel, strides }) => ({
    shapes: [[batch, ...image, channels]],
    // cpu's gradient is wrong at the edges with "same".
    f: (x) => tf.avgPool(x as tf.Tensor4D, kernel, strides, 'valid'),
  }),
  batchNorm: ({ batch, image, channels }) => ({
    shapes: [[batch + 1, ...image, channels], [channels], [channels]], // prettier-ignore
    f: (x, offset, scale) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm4d(
        x as tf.Tensor4D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        1e-2,
      );
    },
  }),
  matMul: ({ batch, image: [rows, inner], channels, strides: [a, b] }) => {
    const [transposeA, transposeB] = [a > 2, b > 2];
    return {
      shapes: [
        transposeA ? [batch, inner, rows] : [batch, rows, inner],
        transposeB ? [batch, channels, inner] : [batch, inner, channels],
      ],
      f: (x, y) => tf.matMul(x, y, transposeA, transposeB),
    };
  },
};
