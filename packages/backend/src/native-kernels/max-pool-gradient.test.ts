import '@tensorflow/tfjs-backend-cpu';
import { hasTensorflow } from '@kd/testing/tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { withOneDnn } from './max-pool-gradient.js';
import type { TensorflowBackend } from './run-op.js';

const isInstalled = await hasTensorflow();
const info = (shape: number[]): TensorInfo => ({ dataId: {}, shape, dtype: 'float32' });
const attrs = { filterSize: 2, strides: 2, pad: 'valid' };
const inputs = { dy: info([1, 2, 2, 1]), input: info([1, 4, 4, 1]), output: info([1, 2, 2, 1]) };
const binding = {} as TensorflowBackend['binding'];

it('is TensorFlow’s if oneDNN’s is unknown, which is tried once', () => {
  const stock = vi.fn(() => info([1, 4, 4, 1]));
  const executeMultipleOutputs = vi.fn(() => {
    throw new Error('Op type not registered');
  });
  const gradient = withOneDnn(stock);
  const call = (backend: object): unknown => gradient({ inputs, attrs, backend });
  expect(call({ binding, executeMultipleOutputs, isUsingGpuDevice: true })).toBe(
    stock.mock.results[0]?.value,
  );
  expect(executeMultipleOutputs).not.toHaveBeenCalled();
  for (let time = 0; time < 3; time++) call({ binding, executeMultipleOutputs });
  expect(executeMultipleOutputs).toHaveBeenCalledTimes(1);
  expect(stock).toHaveBeenCalledTimes(4);
});

it.skipIf(!isInstalled)('is oneDNN’s on tfjs-node', async () => {
  await tf.setBackend('tensorflow');
  const run = vi.spyOn(tf.backend() as unknown as TensorflowBackend, 'executeMultipleOutputs');
  const x = tf.tensor4d([1, 2, 2, 0, 0, 0, -1, -1], [1, 2, 4, 1]);
  const gradient = tf.grad((input) => tf.maxPool(input as tf.Tensor4D, 2, 2, 'valid'))(x);
  expect(run.mock.calls.map(([op]) => op)).toContain('_MklNativeMaxPoolGrad');
  // Of equal numbers the first one was the maximum.
  expect(Array.from(await gradient.data())).toEqual([0, 1, 1, 0, 0, 0, 0, 0]);
  run.mockRestore();
});
