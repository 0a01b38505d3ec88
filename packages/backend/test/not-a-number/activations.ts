import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { it } from 'vitest';
import { expectNumbers, notANumbers, withBits } from './numbers.js';

const numbers = [1, NaN, -1, 0, Infinity, -Infinity, 7, NaN, 0.25, -3, NaN, 2, NaN];
// More numbers than SIMD lanes, with a remainder, and enough for two threads.
const many = Array.from({ length: 60 }, () => numbers).flat();

type Scalar = (x: number) => number;
const logistic: Scalar = (x) => 1 / (1 + Math.exp(-x));
const elu: Scalar = (x) => (x < 0 ? Math.expm1(x) : x);
const clip = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
const layer = (activation: string) => (x: Tensor) =>
  layers.activation({ activation: activation as 'relu' }).apply(tf.reshape(x, [-1, 1])) as Tensor;
const beside = (x: Tensor, axis: number): Tensor => tf.stack([tf.zerosLike(x), x], axis);
const normalised = (x: Tensor): Tensor => {
  const one = tf.tensor1d([1]);
  return tf.batchNorm(tf.reshape<tf.Rank.R4>(x, [-1, 1, 1, 1]), one, one, undefined, undefined, 0); // prettier-ignore
};
const unary: Readonly<Record<string, readonly [(x: Tensor) => Tensor, Scalar]>> = {
  relu: [tf.relu, (x) => Math.max(0, x)],
  relu6: [tf.relu6, (x) => clip(x, 0, 6)],
  clipByValue: [(x) => tf.clipByValue(x, -2, 2), (x) => clip(x, -2, 2)],
  leakyRelu: [(x) => tf.leakyRelu(x, 0.5), (x) => (x < 0 ? x / 2 : x)],
  elu: [tf.elu, elu],
  selu: [tf.selu, (x) => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x)],
  sigmoid: [tf.sigmoid, logistic],
  tanh: [tf.tanh, Math.tanh],
  softplus: [tf.softplus, (x) => (x > 20 ? x : Math.log1p(Math.exp(x)))],
  step: [(x) => tf.step(x), (x) => (Number.isNaN(x) ? NaN : Number(x > 0))],
  sign: [tf.sign, Math.sign],
  'sign of small numbers': [(x) => tf.sign(tf.mul(x, 1e-9)), Math.sign],
  'maximum, on the left': [(x) => tf.maximum(x, 0), (x) => Math.max(x, 0)],
  'maximum, on the right': [(x) => tf.maximum(tf.zerosLike(x), x), (x) => Math.max(x, 0)],
  'minimum, on the left': [(x) => tf.minimum(x, 0), (x) => Math.min(x, 0)],
  'minimum, on the right': [(x) => tf.minimum(0, x), (x) => Math.min(x, 0)],
  'maxima of rows': [(x) => tf.max(beside(x, 1), 1), (x) => Math.max(x, 0)],
  'minima of columns': [(x) => tf.min(beside(x, 0), 0), (x) => Math.min(x, 0)],
  'means of rows': [(x) => tf.mean(beside(x, 1), 1), (x) => x / 2],
  'batch normalisation': [normalised, (x) => x - 1],
  'the layer relu6': [layer('relu6'), (x) => clip(x, 0, 6)],
  'the layer hardSigmoid': [layer('hardSigmoid'), (x) => clip(0.2 * x + 0.5, 0, 1)],
  'the layer softmax': [layer('softmax'), (x) => (Number.isFinite(x) ? 1 : NaN)],
  'the layer softsign': [layer('softsign'), (x) => x / (1 + Math.abs(x))],
};

type Activation = Exclude<tf.fused.Activation, 'prelu'>;
const activations: Readonly<Record<Activation, Scalar>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => clip(x, 0, 6),
  elu,
  leakyrelu: (x) => (x < 0 ? x / 2 : x),
  sigmoid: logistic,
};
const scales = [1, 2, 1, 1, 1];
const filter = (): tf.Tensor4D => tf.tensor4d(scales, [1, 1, 1, 5]);
const pixels = (x: Tensor): tf.Tensor4D => tf.reshape(x, [1, -1, 1, 1]);
const window = { strides: 1, pad: 'valid', leakyreluAlpha: 0.5 } as const;
type Fused = (x: Tensor, rest: { bias: Tensor; activation: Activation }) => Tensor;
/** Kernels that turn each number into a row of five, multiplied by the scales. */
const fused: Readonly<Record<string, Fused>> = {
  matMul: (x, rest) =>
    tf.fused.matMul({ a: tf.reshape(x, [-1, 1]), b: tf.tensor2d([scales]), leakyreluAlpha: 0.5, ...rest }),
  'matMul of a transposed operand': (x, rest) =>
    tf.fused.matMul({ a: tf.reshape(x, [1, -1]), b: tf.tensor2d([scales]), transposeA: true, leakyreluAlpha: 0.5, ...rest }), // prettier-ignore
  conv2d: (x, rest) => tf.fused.conv2d({ x: pixels(x), filter: filter(), ...window, ...rest }),
  depthwiseConv2d: (x, rest) =>
    tf.fused.depthwiseConv2d({ x: pixels(x), filter: filter(), ...window, ...rest }),
};

/** Tests of activations and comparisons on the current backend. */
export function testActivations(): void {
  it.each(Object.entries(unary))('keeps NaN and both infinities in %s', async (_, [op, of]) => {
    for (const bits of notANumbers)
      await expectNumbers(op(withBits(many, bits, [many.length])), many.map(of), bits.toString(16));
  });

  it.each(Object.entries(fused))('keeps them in a fused %s, in rows and in the bias', async (_, op) => {
    const [few, offsets] = [[1, -1, 3], [0, NaN, 1, NaN, -Infinity]]; // prettier-ignore
    for (const activation of Object.keys(activations) as Activation[]) {
      const of = activations[activation];
      for (const bits of notANumbers) {
        const rows = op(withBits(many, bits, [many.length]), { bias: tf.zeros([5]), activation });
        const expectedRows = many.flatMap((x) => scales.map((scale) => of(x * scale)));
        await expectNumbers(rows, expectedRows, activation);
        const columns = op(tf.tensor1d(few), { bias: withBits(offsets, bits, [5]), activation });
        const expected = few.flatMap((x) => scales.map((scale, at) => of(x * scale + (offsets[at] ?? 0))));
        await expectNumbers(columns, expected, activation);
      }
    }
  });

  it('keeps them in a depthwise convolution without activation', async () => {
    const x = tf.reshape<tf.Rank.R4>(withBits([1, 2, NaN, 4, 5, 6], 0xffc00000, [6]), [1, 6, 1, 1]);
    const output = tf.depthwiseConv2d(x, tf.tensor4d([1, 2, 3, 4], [2, 1, 1, 2]), 1, 'same');
    await expectNumbers(output, [7, 10, NaN, NaN, NaN, NaN, 19, 28, 23, 34, 6, 12]);
  });
}
