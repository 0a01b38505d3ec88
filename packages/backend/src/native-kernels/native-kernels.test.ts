import '@tensorflow/tfjs-backend-cpu';
import { expectNoLeak } from '@kd/testing';
import { hasTensorflow } from '@kd/testing/tensorflow';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels } from '../register-training-kernels.js';
import { nativeGradients, nativeKernels } from './native-gradients.js';

const isInstalled = await hasTensorflow();

const numbers = (shape: number[], seed: number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => 3 * Math.sin(seed + i ** 2)),
    shape,
  );

/** Gradients of `sum(weights * f(...inputs))` by all inputs. */
async function gradientsOn(
  backend: string,
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: number[][],
): Promise<number[][]> {
  await tf.setBackend(backend);
  const weighted = (...inputs: tf.Tensor[]): tf.Tensor => {
    const y = f(...inputs);
    return tf.sum(tf.mul(y, numbers(y.shape, 7)));
  };
  const inputs = shapes.map((shape, index) => numbers(shape, index + 1));
  const gradients = tf.grads(weighted)(inputs);
  return Promise.all(gradients.map(async (gradient) => Array.from(await gradient.data())));
}

const map = [2, 5, 4, 3];
const normalised = (x: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor): tf.Tensor => {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  return tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3); // prettier-ignore
};
const cases: Record<string, [(...inputs: tf.Tensor[]) => tf.Tensor, number[][]]> = {
  relu: [(x) => tf.relu(x), [map]],
  relu6: [(x) => tf.relu6(tf.mul(x, 3)), [map]],
  sigmoid: [(x) => tf.sigmoid(x), [map]],
  tanh: [(x) => tf.tanh(x), [map]],
  softplus: [(x) => tf.softplus(x), [map]],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.3), [map]],
  'bias of a map': [(x, bias) => tf.add(x, bias), [map, [3]]],
  'bias of rows': [(x, bias) => tf.add(x, bias), [[6, 4], [4]]],
  'bias with axes of one': [(x, bias) => tf.add(x, bias), [map, [1, 1, 1, 3]]],
  'sum of equal shapes': [(a, b) => tf.add(a, b), [map, map]],
  'sum of a number': [(a, b) => tf.add(a, b), [map, [1]]],
  'sum with a broadcast of both': [(a, b) => tf.add(a, b), [[4, 1], [1, 3]]], // prettier-ignore
  'sum of a column': [(a, column) => tf.add(a, column), [map, [4, 1]]],
  'sum in the other order': [(bias, x) => tf.add(bias, x), [[3], map]],
  'batch normalisation by its batch': [normalised, [map, [3], [3]]],
  'batch normalisation with one tensor as scale and offset': [
    (x, both) => normalised(x, both, both),
    [map, [3]],
  ],
  'batch normalisation by given statistics': [
    (x, mean, spread, offset, scale) =>
      tf.batchNorm(x as tf.Tensor4D, mean as tf.Tensor1D, tf.add<tf.Tensor1D>(tf.square(spread), 1), offset as tf.Tensor1D, scale as tf.Tensor1D), // prettier-ignore
    [map, [3], [3], [3], [3]],
  ],
  'batch normalisation of rows': [
    (x, offset, scale) => {
      const { mean, variance } = tf.moments(x, [0]);
      return tf.batchNorm2d(x as tf.Tensor2D, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D); // prettier-ignore
    },
    [[6, 4], [4], [4]],
  ],
  'max pooling': [(x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'), [map]],
  'max pooling over the edge': [(x) => tf.maxPool(x as tf.Tensor4D, [3, 2], [2, 1], 'same'), [map]],
  'max pooling of equal numbers': [(x) => tf.maxPool(tf.relu(x) as tf.Tensor4D, 3, 1, 'same'), [map]],
  'max pooling with zeros around': [(x) => tf.maxPool(x as tf.Tensor4D, 1, 1, 0), [map]],
  'sum of all': [(x) => tf.sum(x), [map]],
  'sum over two axes': [(x) => tf.sum(x, [0, 2]), [map]],
  'sum that keeps its axes': [(x) => tf.sum(x, -1, true), [map]],
  'mean of all': [(x) => tf.mean(x), [map]],
  'mean over an axis': [(x) => tf.mean(x, 1), [map]],
};

describe.skipIf(!isInstalled)('gradients on tfjs-node', () => {
  beforeAll(() => {
    registerTrainingKernels();
  });

  it.each(Object.entries(cases))('%s: as cpu composes it', async (_, [f, shapes]) => {
    const expected = await gradientsOn('cpu', f, shapes);
    const received = await gradientsOn('tensorflow', f, shapes);
    expected.forEach((gradient, input) => {
      expect(received[input]).toHaveLength(gradient.length);
      gradient.forEach((value, index) => {
        expect(Math.abs((received[input]?.[index] ?? NaN) - value)).toBeLessThan(
          1e-5 * (1 + Math.abs(value)),
        );
      });
    });
  });

  it('have every kernel and gradient registered, once', async () => {
    await tf.setBackend('tensorflow');
    for (const { kernelName } of nativeKernels) expect(tf.getKernel(kernelName, 'tensorflow')).toBeDefined();
    expect(registerTrainingKernels().some(({ backend }) => backend === 'tensorflow')).toBe(false);
    // Each gradient is the one that runs: the composed one of relu runs `Step`.
    const run = async (f: (x: tf.Tensor) => tf.Tensor): Promise<string[]> => {
      const { kernelNames } = await tf.profile(() => tf.grad(f)(numbers(map, 1)));
      return kernelNames;
    };
    expect(await run((x) => tf.relu(x))).toEqual(expect.arrayContaining(['ReluGrad']));
    expect(await run((x) => tf.relu(x))).not.toContain('Step');
    expect(Object.keys(nativeGradients)).toHaveLength(10);
  });

  it('a gradient of a gradient is the composed one', async () => {
    const second = async (backend: string): Promise<number[]> => {
      await tf.setBackend(backend);
      const curvature = tf.grad((x) => tf.sum(tf.square(tf.grad((z) => tf.sum(tf.mul(z, tf.relu(z))))(x))));
      return Array.from(await curvature(numbers([5], 1)).data());
    };
    const [expected, received] = [await second('cpu'), await second('tensorflow')];
    received.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? NaN, 5);
    });
  });

  it('leak nothing', async () => {
    await tf.setBackend('tensorflow');
    const inputs = [map, [3], [3]].map((shape, index) => numbers(shape, index));
    await expectNoLeak(() => {
      tf.dispose(tf.grads((x, offset, scale) => tf.mean(tf.relu(normalised(x, offset, scale))))(inputs)); // prettier-ignore
    });
  });

  it('optimizer steps are one operation each, and use up the tensors that they change', async () => {
    await tf.setBackend('tensorflow');
    const scalars = {
      rate: tf.scalar(0.1),
      beta1: tf.scalar(0.9),
      beta2: tf.scalar(0.99),
      epsilon: tf.scalar(1e-3),
    };
    const given = { variable: [1, 2], firstMoment: [0.1, 0], secondMoment: [0.5, 0], gradient: [3, -1] };
    const tensorsOf = (names: readonly (keyof typeof given)[]): Record<string, tf.Tensor> =>
      Object.fromEntries(names.map((name) => [name, tf.tensor1d(given[name])]));
    const run = async (kernel: string, inputs: tf.NamedTensorMap): Promise<number[][]> => {
      const outputs = tf.engine().runKernel(kernel, inputs) as unknown as tf.Tensor[];
      return Promise.all(outputs.map(async (output) => Array.from(await output.data())));
    };
    const close = (received: number[][], expected: number[][]): void => {
      expected.forEach((values, output) => {
        values.forEach((value, index) => {
          expect(received[output]?.[index]).toBeCloseTo(value, 5);
        });
      });
    };
    const newM = [0.9 * 0.1 + 0.1 * 3, -0.1];
    const newV = [0.99 * 0.5 + 0.01 * 9, 0.01];
    const moved = [1, 2].map((value, i) => value - (0.1 * (newM[i] ?? 0)) / (Math.sqrt(newV[i] ?? 0) + 1e-3));
    const adam = tensorsOf(['variable', 'firstMoment', 'secondMoment', 'gradient']);
    const clones = Object.values(adam).map((tensor) => tensor.clone());
    // The clones share the numbers of the tensors: those are copied.
    close(await run('ResourceApplyAdam', { ...adam, ...scalars }), [moved, newM, newV]);
    for (const [index, values] of Object.values(given).entries()) {
      expect(Array.from(clones[index]?.dataSync() ?? [])).toEqual(values.map(Math.fround));
    }
    tf.dispose(clones);
    const momentum = tensorsOf(['variable', 'gradient']);
    const buffer = tf.tensor1d(given.secondMoment);
    const rest = { momentumBuffer: buffer, rate: scalars.rate, momentum: tf.scalar(0.8) };
    close(await run('ResourceApplyMomentum', { ...momentum, ...rest }), [
      [1 - 0.1 * 3.4, 2 + 0.1],
      [3.4, -1],
    ]);
    // Nobody else has it, so that it is changed where it is.
    expect(() => buffer.dataSync()).toThrow(/not registered/);
    expect(Array.from(momentum['gradient']?.dataSync() ?? [])).toEqual(given.gradient);
    await expectNoLeak(() => {
      const inputs = tensorsOf(['variable', 'firstMoment', 'secondMoment', 'gradient']);
      tf.dispose(tf.engine().runKernel('ResourceApplyAdam', { ...inputs, ...scalars }));
      tf.dispose(inputs);
    });
  });
});
