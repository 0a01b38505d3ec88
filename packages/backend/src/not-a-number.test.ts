import '@tensorflow/tfjs-backend-cpu';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { expectNoLeak } from '@kd/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { testActivations } from '../test/not-a-number/activations.js';
import { testPoolings } from '../test/not-a-number/poolings.js';
import { selectBackend } from './select-backend/select-backend.js';

const isInstalled = await hasTensorflow();
describe.each([
  ['cpu', true],
  ['wasm', true],
  ['tensorflow', isInstalled],
] as const)('on %s', (backend, isThere) => {
  describe.skipIf(!isThere)('a kernel', () => {
    beforeAll(async () => {
      // Some test may have loaded tfjs-node already, with its own number of threads.
      await selectBackend(backend === 'wasm' ? { require: backend, threads: 1 } : { require: backend });
    });
    testActivations();
    testPoolings();
  });
});

describe('on wasm', () => {
  beforeAll(async () => {
    await selectBackend({ require: 'wasm', threads: 1 });
  });

  it('relu keeps a NaN that finite numbers produce on the way', async () => {
    const [a, b] = [tf.tensor2d([[3e38, 3e38]]), tf.tensor2d([[2, 1], [-2, -1]])]; // prettier-ignore
    for (const activation of ['linear', 'relu', 'relu6'] as const) {
      const product = await tf.fused.matMul({ a, b, activation }).data();
      expect([...product], activation).toEqual([NaN, 0]);
      const x = tf.reshape<tf.Rank.R4>(a, [1, 1, 1, 2]);
      const filter = tf.reshape<tf.Rank.R4>(b, [1, 1, 2, 2]);
      const convolved = await tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', activation }).data();
      expect([...convolved], activation).toEqual([NaN, 0]);
    }
  });

  it('numbers are known to be finite along a chain of layers, until an input is not', async () => {
    const filter = tf.ones<tf.Rank.R4>([1, 1, 1, 2]);
    const chain = (x: tf.Tensor4D): tf.Tensor => tf.maxPool(tf.relu(tf.add<tf.Tensor4D>(tf.conv2d(x, filter, 1, 'valid'), tf.tensor1d([0, 1]))), 2, 2, 'valid'); // prettier-ignore
    const finite = tf.tensor4d([1, -2, 3, -4], [1, 2, 2, 1]);
    expect([...(await chain(finite).data())]).toEqual([3, 4]);
    // 3e38 + 3e38 leaves float32 behind the convolution, where nobody looks again.
    const huge = tf.tensor4d([1e38, -3e38, -3e38, -3e38], [1, 2, 2, 1]);
    const offset = tf.tensor1d([-3e38, 3e38]);
    const output = tf.sub(tf.add(tf.conv2d(huge, filter, 1, 'valid'), offset), offset);
    expect([...(await tf.maxPool(tf.relu(tf.add<tf.Tensor4D>(output, offset)), 2, 2, 'valid').data())]).toEqual([0, Infinity]); // prettier-ignore
    expect([...(await chain(tf.tensor4d([1, -2, NaN, -4], [1, 2, 2, 1])).data())]).toEqual([NaN, NaN]);
  });

  it('leaks nothing when NaN takes the exact path', async () => {
    const x = tf.tensor4d([1, NaN, 3, 4], [1, 2, 2, 1]);
    const filter = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
    const options = { filter, strides: 1, pad: 'valid', activation: 'relu' } as const;
    await expectNoLeak(() => {
      const wasm = tf.backend() as unknown as { numDataIds(): number };
      const before = wasm.numDataIds();
      tf.dispose([tf.relu(x), tf.maximum(1, x), tf.maxPool(x, 2, 2, 'valid'), tf.fused.conv2d({ x, ...options }), tf.fused.depthwiseConv2d({ x, ...options })]); // prettier-ignore
      expect(wasm.numDataIds()).toBe(before);
    });
  });
});
