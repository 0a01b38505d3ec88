import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { seededNormal, seededUniform } from '@kd/core';
import { expectNoLeak } from '@kd/testing';
import { hasTensorflow, readsOnTensorflow } from '@kd/testing/tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { registerTrainingKernels } from '../register-training-kernels.js';
import type { TensorflowBackend } from './run-op.js';

const isInstalled = await hasTensorflow();

const bitsOn = async (backend: string, shape: number[], seed: number, place: number): Promise<Buffer> => {
  await tf.setBackend(backend);
  const values = await seededUniform(shape, tf.scalar(seed, 'int32'), place).data();
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
};

describe.skipIf(!isInstalled)('uniform draws on tfjs-node', () => {
  beforeAll(() => {
    registerTrainingKernels();
  });

  // TensorFlow draws the larger ones in parts, on several threads.
  it.each([[[1]], [[3]], [[4]], [[5]], [[10, 100]], [[4097]], [[128, 1200]], [[7, 3, 11, 1301]]])(
    'of shape %j are those of cpu and wasm, to the bit',
    async (shape) => {
      for (const [seed, place] of [[0, 0], [1, 2], [123456789, 987654321], [2 ** 31 - 1, 2 ** 31 - 1], [-5, -7]] as const) {
        const native = await bitsOn('tensorflow', shape, seed, place);
        for (const backend of ['cpu', 'wasm'])
          expect((await bitsOn(backend, shape, seed, place)).equals(native), `${String(seed)} ${backend}`).toBe(true);
      }
    },
  ); // prettier-ignore

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
