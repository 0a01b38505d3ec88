import { backends, expectClose, useBackend } from '@kd/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from './register-training-kernels.js';

const tolerance = { relative: 1e-4, absolute: 1e-4 };
const numbers = (shape: readonly number[], phase: number): tf.Tensor =>
  tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => Math.sin(phase + index ** 2)),
    [...shape],
  );
const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

// What the forward kernels of cpu and wasm get wrong.
describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    registerTrainingKernels();
  });

  it.each([
    [
      [2, 3],
      [2, 1],
    ],
    [
      [2, 1],
      [1, 3],
    ],
    [
      [2, 1],
      [2, 3],
    ],
    [
      [2, 1, 3],
      [4, 1],
    ],
    [[2, 3], [3]],
  ])('matMul broadcasts batches of %j and %j', (a, b) => {
    // prettier-ignore
    const [x, y] = [numbers([...a, 2, 4], 1), numbers([...b, 4, 3], 2)];
    const terms = tf.mul(tf.expandDims(x, -1), tf.expandDims(y, -3));
    const product = tf.matMul(x, y);
    expect(product.shape).toEqual(tf.sum(terms, -2).shape);
    expectClose(values(product), values(tf.sum(terms, -2)), tolerance);
  });

  it.each([[1, 3, 1, 1], [1, 1, 2, 1], [1, 3, 1, 4], [1, 1, 1, 4], [4]])(
    // prettier-ignore
    'batchNorm broadcasts statistics of [%j, %j, %j, %j]',
    (...sizes) => {
      const statistics = sizes.filter((size) => typeof size === 'number');
      const [x, mean, offset, scale] = [numbers([2, 3, 2, 4], 1), numbers(statistics, 2), numbers(statistics, 3), numbers(statistics, 4)] as tf.Tensor4D[]; // prettier-ignore
      const variance = tf.add<tf.Tensor4D>(tf.square(numbers(statistics, 5)), 0.5);
      const normal = tf.div(tf.sub(x as tf.Tensor, mean as tf.Tensor), tf.sqrt(tf.add(variance, 1e-3)));
      const parts = [x, mean, variance] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      expectClose(values(tf.batchNorm(...parts, undefined, undefined, 1e-3)), values(normal), tolerance);
      const full = tf.add(tf.mul(normal, scale as tf.Tensor), offset as tf.Tensor);
      expectClose(values(tf.batchNorm(...parts, offset, scale, 1e-3)), values(full), tolerance);
    },
  );

  it.each([
    [[2, 4, 3], [2, 5], 1, 1],
    [[2, 3, 4], [2, 5], 2, 1],
    [[2, 3, 4, 2], [2, 3, 5], 2, 2],
    [[2, 3, 4], [2, 3, 2], -1, -1],
  ] as [number[], number[], number, number][])(
    // prettier-ignore
    'gather of %j by %j along %j has batch dimensions %j',
    (shape, rows, axis, batchDims) => {
      const x = numbers(shape, 1);
      const along = shape.at(axis) as number;
      const ids = tf.tensor(Array.from({ length: rows.reduce((a, b) => a * b) }, (_, i) => (i * 7) % along), rows, 'int32'); // prettier-ignore
      const leading = batchDims < 0 ? batchDims + rows.length : batchDims;
      const oneByOne = (part: tf.Tensor, of: tf.Tensor, depth: number): tf.Tensor =>
        depth === 0
          ? tf.gather(part, of, (axis < 0 ? axis + shape.length : axis) - leading)
          : tf.stack(
              tf
                .unstack(part)
                .map((each, index) => oneByOne(each, tf.unstack(of)[index] as tf.Tensor, depth - 1)),
            );
      const expected = oneByOne(x, ids, leading);
      const gathered = tf.gather(x, ids, axis, batchDims);
      expect([gathered.shape, values(gathered)]).toEqual([expected.shape, values(expected)]);
    },
  );

  it.each(['cumsum', 'cumprod'] as const)('%s counts a negative axis from the last one', (name) => {
    const x = numbers([2, 3, 4], 1);
    for (const axis of [-1, -2, -3]) {
      const [negative, positive] = [tf[name](x, axis), tf[name](x, axis + 3)];
      expect([negative.shape, values(negative)]).toEqual([positive.shape, values(positive)]);
    }
  });

  it('tensorScatterUpdate leaves its input unchanged', () => {
    const x = tf.zeros([3]);
    const updated = tf.tensorScatterUpdate(x, tf.tensor2d([[1]], [1, 1], 'int32'), tf.tensor1d([7]));
    expect([values(x), values(updated)]).toEqual([[0, 0, 0], [0, 7, 0]]); // prettier-ignore
  });

  it('round leaves int32 unchanged', () => {
    expect(values(tf.round(tf.tensor1d([-2, 3], 'int32')))).toEqual([-2, 3]);
  });

  it('dilation2d of negative numbers is their maximum', () => {
    const x = tf.tensor4d([-5, -3, -2, -7], [1, 2, 2, 1]);
    const filter = tf.tensor3d([0, -1, -2, 0], [2, 2, 1]);
    const dilate = (image: tf.Tensor, taps: tf.Tensor): tf.Tensor =>
      tf.dilation2d(image as tf.Tensor4D, taps as tf.Tensor3D, 1, 'valid');
    expect(values(dilate(x, filter))).toEqual([-4]);
    const [byImage, byFilter] = tf.grads(dilate)([x, filter]) as [tf.Tensor, tf.Tensor];
    expect([values(byImage), values(byFilter)]).toEqual([[0, 1, 0, 0], [0, 1, 0, 0]]); // prettier-ignore
  });

  it('batchNorm without a gradient makes no tensors of its own', () => {
    const x = numbers([2, 3, 2, 4], 1) as tf.Tensor4D;
    const [mean, variance] = [tf.zeros<tf.Rank.R1>([4]), tf.ones<tf.Rank.R1>([4])];
    const before = tf.memory().numTensors;
    tf.batchNorm(x, mean, variance).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
