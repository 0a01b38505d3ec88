import * as tf from '@tensorflow/tfjs-core';
import type { Operation } from './operation.js';

type Pair = readonly [number, number];
type Shape4D = [number, number, number, number];

/** Operations that oneDNN 3.7.3 gets wrong or crashes on, on two threads with AVX-512 or AVX2. */
export const knownFaults: readonly Operation[] = [
  // Filter gradients of 1x1 convolutions: the second half of an odd batch, a later part of a large image, one
  // channel treated as a depthwise convolution.
  ...[1, 3, 5].map((batch) => convolution([batch, 12, 8, 2], [1, 1, 2, 2], [2, 2])),
  convolution([3, 28, 28, 4], [1, 1, 4, 4], [2, 2]),
  convolution([5, 12, 12, 10], [1, 1, 10, 10], [2, 2]),
  convolution([3, 56, 56, 2], [1, 1, 2, 2], [2, 2]),
  convolution([2, 64, 64, 3], [1, 1, 3, 8], [2, 2]),
  convolution([2, 56, 56, 15], [1, 1, 15, 4], [4, 4]),
  convolution([3, 6, 24, 5], [1, 1, 5, 6], [1, 3]),
  convolution([7, 1, 24, 5], [1, 1, 5, 6], [1, 3]),
  {
    name: 'depthwiseConv2d [3,24,8,1] [1,1,1,1] stride 2',
    shapes: [[3, 24, 8, 1], [1, 1, 1, 1]], // prettier-ignore
    f: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
  },
  {
    name: 'conv2dTranspose [3,3,24,5] [1,1,6,5] strides 2',
    shapes: [[3, 3, 24, 5], [1, 1, 6, 5]], // prettier-ignore
    f: (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [3, 6, 48, 6], 2, 'same'),
  },
  // Outputs one pixel wide.
  convolution([2, 8, 3, 1], [3, 3, 1, 28], [1, 2], 'valid'),
  convolution([2, 8, 3, 1], [2, 3, 1, 8], [1, 4], 'same'),
  convolution([5, 16, 4, 1], [1, 3, 1, 1], [1, 4]),
  {
    name: 'conv2d [5,8,3,1] [3,3,1,2] strides 1,4 explicit padding',
    shapes: [[5, 8, 3, 1], [3, 3, 1, 2]], // prettier-ignore
    // tfjs-node has no gradient for it.
    f: tf.customGrad((x, w) => ({
      value: tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [1, 4], [[0, 0], [1, 2], [0, 1], [0, 0]]), // prettier-ignore
      gradFunc: () => [tf.zerosLike(x as tf.Tensor), tf.zerosLike(w as tf.Tensor)],
    })),
  },
  {
    name: 'fused conv2d [2,8,3,1] [3,3,1,4] strides 1,2 prelu',
    shapes: [[2, 8, 3, 1], [3, 3, 1, 4], [4], [6, 1, 4]], // prettier-ignore
    f: (x, filter, bias, alpha) =>
      tf.fused.conv2d({
        ...{ x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, strides: [1, 2], pad: 'valid' },
        ...{ bias, activation: 'prelu', preluActivationWeights: alpha },
      }),
  },
];

function convolution(
  image: Shape4D,
  filter: Shape4D,
  strides: Pair,
  pad: 'same' | 'valid' = 'same',
): Operation {
  return {
    name: `conv2d ${JSON.stringify([image, filter, strides, pad])}`,
    shapes: [image, filter],
    f: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [...strides], pad),
  };
}
