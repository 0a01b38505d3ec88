import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from '../register-training-kernels.js';
import { mendedGradients } from './mended-gradients.js';

type F = (...inputs: tf.Tensor[]) => tf.Tensor;
type Case = readonly [name: string, f: F, shapes: readonly (readonly number[])[]];
type Images = tf.Tensor4D;
type Volumes = tf.Tensor5D;

/** Different numbers between -1.6 and 1.7, none near zero, so that no step crosses a kink. */
function numbers(shape: readonly number[], seed: number): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const order = Array.from({ length: size }, (_, index) => index).sort(
    (a, b) => Math.sin(seed * 13.7 + a * a * 1.1 + a) - Math.sin(seed * 13.7 + b * b * 1.1 + b),
  );
  const values = order.map((place) => ((place + 0.5) / size) * 3.1 - 1.5 + 0.013 * seed);
  return tf.tensor(
    values.map((value) => (Math.abs(value) < 0.06 ? value + 0.13 : value)),
    [...shape],
  );
}

const ids = (shape: readonly number[], size: number): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => (index * 7 + 3) % size),
    [...shape],
    'int32',
  );

const gathered = (x: number[], indices: number[], axis: number, batchDims: number): Case => [
  `gather [${String(x)}] by [${String(indices)}], axis ${String(axis)}, batchDims ${String(batchDims)}`,
  (input) => tf.gather(input, ids(indices, x.at(axis) ?? 0), axis, batchDims),
  [x],
];
const broadcast = [
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [2, 1],
    [1, 3],
  ],
] as const;
const batches = [
  [[2, 3], [3]],
  [[1], [2]],
  [[2], []],
  [
    [2, 1],
    [1, 3],
  ],
  [
    [2, 3],
    [2, 1],
  ],
] as const;
const flags = [true, false] as const;
const normalized = (statistics: number[], has: { scale: boolean; offset: boolean }): Case => [
  `batchNorm with statistics [${String(statistics)}], ${JSON.stringify(has)}`,
  (x, mean, spread, ...rest) => {
    const offset = has.offset ? rest.shift() : undefined;
    const variance = tf.add(tf.square(spread), 0.5);
    return tf.batchNorm(
      x as Images,
      mean as Images,
      variance as Images,
      offset as Images,
      rest[0] as Images,
      1e-3,
    );
  },
  [[2, 3, 2, 4], statistics, statistics, ...Object.values(has).flatMap((it) => (it ? [statistics] : []))],
];

const mended: Case[] = [
  ...(['maximum', 'minimum', 'squaredDifference'] as const).flatMap((name) =>
    broadcast.map(([a, b]): Case => [
      `${name} of [${String(a)}] and [${String(b)}]`,
      (x, y) => tf[name](x, y),
      [a, b],
    ]),
  ),
  ...batches.flatMap(([a, b]) =>
    flags.map((transposed): Case => [
      `matMul of batches [${String(a)}] and [${String(b)}], transposed: ${String(transposed)}`,
      (x, y) => tf.matMul(x, y, transposed, transposed),
      transposed
        ? [
            [...a, 4, 2],
            [...b, 3, 4],
          ]
        : [
            [...a, 2, 4],
            [...b, 4, 3],
          ],
    ]),
  ),
  gathered([2, 4, 3], [2, 5], 1, 1),
  gathered([2, 4], [2], 1, 1),
  gathered([2, 3, 4], [2, 5], 2, 1),
  gathered([2, 3, 4, 2], [2, 3, 2], 2, 2),
  gathered([2, 3, 4], [2, 3, 2], -1, -1),
  ...[0, 1, -1, -2].flatMap((axis) =>
    flags.flatMap((exclusive) =>
      flags.map((reverse): Case => [
        `cumsum of axis ${String(axis)}, exclusive: ${String(exclusive)}, reverse: ${String(reverse)}`,
        (x) => tf.cumsum(x, axis, exclusive, reverse),
        [[3, 3, 3]],
      ]),
    ),
  ),
  ...[undefined, 1, -1, [0, 2], [-1, -3]].map((axis): Case => [
    `prod over ${JSON.stringify(axis)}`,
    (x) => tf.prod(x, axis),
    [[2, 3, 2]],
  ]),
  ['prod with a zero', (x) => tf.prod(tf.mul(x, [1, 0, 1, 1]), 1), [[2, 4]]],
  ...(['reflect', 'symmetric'] as const).map((mode): Case => [
    `mirrorPad, ${mode}`,
    (x) => tf.mirrorPad(x, [[1, 2], [0, 1]], mode), // prettier-ignore
    [[4, 3]],
  ]),
  ['tile of many copies', (x) => tf.tile(x, [1, 4, 3, 1]), [[2, 1, 2, 2]]],
  ['tile of five axes', (x) => tf.tile(x, [2, 3, 1, 2, 2]), [[2, 1, 2, 2, 1]]],
  ['floorDiv', (a, b) => tf.floorDiv(a, tf.add(tf.abs(b), 2)), [[2, 3], [2, 3]]], // prettier-ignore
  ['gatherND', (x) => tf.gatherND(x, tf.tensor2d([[0, 1], [1, 2], [0, 1]], [3, 2], 'int32')), [[2, 3, 2]]], // prettier-ignore
  ['scatterND', (x) => tf.scatterND(tf.tensor2d([[0], [3], [0]], [3, 1], 'int32'), x, [5, 2]), [[3, 2]]], // prettier-ignore
  ['stridedSlice', (x) => tf.stridedSlice(x, [0, 2], [4, 0], [2, -1]), [[4, 3]]],
  ...(
    [
      [3, 4],
      [5, 5],
      [2, 7],
    ] as [number, number][]
  ).flatMap((size): Case[] => [
    // prettier-ignore
    [`bilinear, half-pixel centres, to ${String(size)}`, (x) => tf.image.resizeBilinear(x as Images, size, false, true), [[2, 3, 5, 2]]], // prettier-ignore
    [`bilinear, aligned corners, to ${String(size)}`, (x) => tf.image.resizeBilinear(x as Images, size, true), [[2, 3, 5, 2]]], // prettier-ignore
    [`nearest, half-pixel centres, to ${String(size)}`, (x) => tf.image.resizeNearestNeighbor(x as Images, size, false, true), [[2, 3, 5, 2]]], // prettier-ignore
    [`nearest to ${String(size)}`, (x) => tf.image.resizeNearestNeighbor(x as Images, size), [[2, 3, 5, 2]]],
  ]),
  ...(
    [
      [2, 1],
      [3, 2],
      [
        [2, 3],
        [3, 1],
      ],
    ] as [number, number][]
  ).map(([filter, strides]): Case => [
    // prettier-ignore
    `avgPool over the edge, ${JSON.stringify([filter, strides])}`,
    (x) => tf.avgPool(x as Images, filter, strides, 'same'),
    [[1, 6, 5, 2]],
  ]),
  ['avgPool3d over the edge', (x) => tf.avgPool3d(x as Volumes, [2, 3, 1], [1, 2, 1], 'same'), [[1, 4, 4, 3, 1]]], // prettier-ignore
  ['maxPool3d of windows that are not cubes', (x) => tf.maxPool3d(x as Volumes, [2, 3, 1], [1, 2, 1], 'same'), [[1, 4, 4, 3, 1]]], // prettier-ignore
  ...[[4], [1, 3, 1, 1], [1, 1, 1, 4], [1, 3, 1, 4]].flatMap((statistics) =>
    flags.flatMap((scale) => flags.map((offset) => normalized(statistics, { offset, scale }))),
  ),
];

// TensorFlow has no padding by numbers.
const rounded: Case[] = [
  ['conv2d rounded up', (x, filter) => tf.conv2d(x as Images, filter as Images, 2, 1, 'NHWC', 1, 'ceil'), [[1, 6, 6, 2], [3, 3, 2, 2]]], // prettier-ignore
  ['maxPool rounded up', (x) => tf.maxPool(x as Images, 3, 2, 1, 'ceil'), [[1, 6, 6, 1]]],
  ['avgPool rounded up', (x) => tf.avgPool(x as Images, 3, 2, 1, 'ceil'), [[1, 6, 6, 1]]],
];

const right: Case[] = [
  ['maximum', (a, b) => tf.maximum(a, b), [[2, 3], [2, 3]]], // prettier-ignore
  ['squaredDifference', (a, b) => tf.squaredDifference(a, b), [[2, 3], [2, 3]]], // prettier-ignore
  ['matMul', (a, b) => tf.matMul(a, b), [[2, 3, 4], [2, 4, 5]]], // prettier-ignore
  gathered([2, 4, 3], [2, 2], 1, 0),
  ['cumsum of the last axis', (x) => tf.cumsum(x, 1), [[3, 4]]],
  ['max of different numbers', (x) => tf.max(x, 1), [[3, 4]]],
  ['min of different numbers', (x) => tf.min(x, [0, 2], true), [[3, 4, 2]]],
  ['tile', (x) => tf.tile(x, [2, 3]), [[2, 3]]],
  ['conv2d', (x, filter) => tf.conv2d(x as Images, filter as Images, 2, 'same'), [[1, 5, 5, 2], [3, 3, 2, 2]]], // prettier-ignore
  ['maxPool', (x) => tf.maxPool(x as Images, 3, 2, 'same'), [[1, 5, 5, 2]]],
  ['avgPool inside the image', (x) => tf.avgPool(x as Images, 2, 2, 'same'), [[1, 6, 4, 2]]],
  ['avgPool3d inside the volume', (x) => tf.avgPool3d(x as Volumes, 2, 2, 'valid'), [[1, 4, 4, 4, 1]]],
  ['bilinear resizing of a square', (x) => tf.image.resizeBilinear(x as Images, [5, 7]), [[2, 3, 3, 2]]],
  ['nearest resizing of an image', (x) => tf.image.resizeNearestNeighbor(x as Images, [6, 10]), [[1, 3, 5, 2]]], // prettier-ignore
  normalized([4], { scale: true, offset: true }),
  normalized([2, 3, 2, 4], { scale: true, offset: true }),
];

const stock = Object.keys(mendedGradients).map((name) => tf.getGradient(name));

function withStock<T>(body: () => T): T {
  const replaced = stock.map(({ kernelName }) => tf.getGradient(kernelName));
  const register = (gradients: typeof stock): void => {
    for (const gradient of gradients) {
      tf.unregisterGradient(gradient.kernelName);
      tf.registerGradient(gradient);
    }
  };
  register(stock);
  try {
    return body();
  } finally {
    register(replaced);
  }
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    registerTrainingKernels();
  });

  it.each(backend === 'tensorflow' ? mended : [...mended, ...rounded])(
    'the gradient of %s is its slope',
    (_, f, shapes) => {
      const inputs = shapes.map((shape, index) => numbers(shape, index + 1));
      const weighted = (...at: tf.Tensor[]): tf.Tensor => {
        const y = f(...at);
        return tf.mul(y, numbers(y.shape, 5));
      };
      const gradients = tf.grads((...at) => tf.sum(weighted(...at)))(inputs);
      gradients.forEach((gradient, index) => {
        const alone = (x: tf.Tensor): tf.Tensor => weighted(...inputs.with(index, x));
        const slopes = numericGradient(alone, inputs[index] as tf.Tensor, 5e-3);
        expect(gradient.shape).toEqual(inputs[index]?.shape);
        expectClose(Array.from(gradient.dataSync()), slopes, { relative: 1e-2, absolute: 1e-2 });
      });
    },
  );

  it.each(['max', 'min'] as const)('equal extremes share the gradient of %s', (name) => {
    const x = tf.tensor2d([
      [1, 1, 0],
      [0, 1, 2],
    ]);
    const sign = name === 'max' ? 1 : -1;
    const gradient = tf.grad((at) => tf[name](tf.mul(at, sign), 1))(x);
    expect(Array.from(gradient.dataSync(), (value) => sign * value)).toEqual([0.5, 0.5, 0, 0, 0, 1]);
  });

  // Trainings that were right before must not change.
  it.each(right)(
    'the gradient of %s is tfjs’s, to the bit where the backend sums in a fixed order',
    (_, f, shapes) => {
      const inputs = shapes.map((shape, index) => numbers(shape, index + 1));
      const computed = (): number[][] =>
        tf
          .grads((...at) => tf.sum(tf.square(f(...at))))(inputs)
          .map((gradient) => Array.from(gradient.dataSync()));
      const ours = computed();
      const stock = withStock(computed);
      // TensorFlow sums in an order of its own.
      if (backend === 'tensorflow')
        expectClose(ours.flat(), stock.flat(), { relative: 2e-6, absolute: 2e-6 });
      else expect(ours).toEqual(stock);
    },
  );
});
