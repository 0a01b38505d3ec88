import { seededNormal, seededUniform } from '@kd/core';
import { expectNoLeak } from '@kd/testing';
import { hasTensorflow, readsOnTensorflow } from '@kd/testing/tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { registerTrainingKernels } from '../register-training-kernels.js';
import type { TensorflowBackend } from './run-op.js';

const isInstalled = await hasTensorflow();

describe.skipIf(!isInstalled)('uniform draws on tfjs-node', () => {
  beforeAll(() => {
    registerTrainingKernels();
  });

  it('are those of TensorFlow’s StatelessRandomUniform, to the bit', async () => {
    await tf.setBackend('tensorflow');
    // What TensorFlow 2.21 returned for the seeds [seed, place], times 2^23.
    const golden: [number, number, number[]][] = [
      [0, 0, [1770126, 5922441, 6711418, 6465874, 3259718, 7301104, 6779568, 1652060, 7124199]],
      [1, 0, [7369293, 3858594, 5035608, 3293348, 2123939]],
      [1, 1, [824408, 1179759, 3819699]],
      [2, 0, [6719099]],
      [2 ** 31 - 1, 2 ** 31 - 1, [4174749, 3826983, 1359131, 2947464]],
      [-3, 7, [8264323, 1450935]],
      [5, -9, [2219499, 3809190]],
    ];
    for (const [number, place, numbers] of golden) {
      const drawn = seededUniform([numbers.length], tf.scalar(number, 'int32'), place);
      expect(Array.from(drawn.dataSync(), (value) => value * 2 ** 23)).toEqual(numbers);
    }
  });

  it('stay in TensorFlow: two operations, and nothing is read', async () => {
    await tf.setBackend('tensorflow');
    const ran = vi.spyOn(tf.backend() as unknown as TensorflowBackend, 'executeMultipleOutputs');
    const expected = Array.from(seededUniform([2, 3], tf.scalar(3, 'int32'), 4).dataSync());
    expect(ran.mock.calls.map(([op]) => op)).toEqual(['Pack', 'StatelessRandomUniform']);
    ran.mockRestore();
    // A seed that only TensorFlow knows.
    const seed = tf.add<tf.Scalar>(tf.scalar(1, 'int32'), tf.scalar(2, 'int32'));
    let drawn: tf.Tensor | undefined;
    const draw = (): void => {
      drawn = seededUniform([2, 3], seed, 4);
      seededNormal([2, 3], seed, 5);
    };
    expect(readsOnTensorflow(draw)).toBe(0);
    expect(readsOnTensorflow(() => drawn?.dataSync())).toBe(1);
    expect(Array.from(drawn?.dataSync() ?? [])).toEqual(expected);
  });

  it('have no gradient, and leave the gradient of what they multiply alone', async () => {
    await tf.setBackend('tensorflow');
    const seed = tf.scalar(3, 'int32');
    const gradient = tf.grad((x) => tf.mul(x, seededUniform([4], seed, 1)))(tf.ones([4]));
    expect(Array.from(gradient.dataSync())).toEqual(Array.from(seededUniform([4], seed, 1).dataSync()));
  });

  it('leak nothing', async () => {
    await tf.setBackend('tensorflow');
    const seed = tf.scalar(3, 'int32');
    await expectNoLeak(() => {
      seededUniform([2, 3], seed, 1).dispose();
    });
  });
});
