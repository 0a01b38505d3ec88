import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, it } from 'vitest';
import { registerTrainingKernels } from '../../register-training-kernels.js';

beforeAll(() => {
  registerTrainingKernels();
});

type DType = 'float32' | 'int32' | 'bool';

const whole = (): tf.Tensor => tf.tensor2d([[0, -2, 3], [1, -1, 100_000_001]], [2, 3], 'int32'); // prettier-ignore
const small = (): tf.Tensor => tf.tensor2d([[0, 2, 3], [1, 4, 5]], [2, 3], 'int32'); // prettier-ignore
const truths = (): tf.Tensor => tf.tensor2d([[0, 1, 1], [1, 0, 1]], [2, 3], 'bool'); // prettier-ignore
const floats = (): tf.Tensor => tf.tensor2d([[0, 0.5, -0.5], [NaN, 256, -2.5]], [2, 3]); // prettier-ignore
const indices = (): tf.Tensor1D => tf.tensor1d([0, 2, -1, 1], 'int32');

const unary = ['acos', 'acosh', 'asin', 'asinh', 'atanh', 'log1p', 'reciprocal', 'isFinite', 'isInf', 'isNaN'] as const; // prettier-ignore
const ofTruths = ['abs', 'atan', 'exp', 'leakyRelu', 'neg', 'relu', 'relu6', 'round', 'selu', 'sign', 'sinh', 'softplus', 'square', 'step'] as const; // prettier-ignore

const cases: [string, () => tf.Tensor][] = [
  ...(['float32', 'bool'] as DType[]).map((dtype): [string, () => tf.Tensor] => [
    `oneHot as ${dtype}`,
    () => tf.oneHot(indices(), 3, dtype === 'bool' ? 1 : 2.5, dtype === 'bool' ? 0 : -0.5, dtype),
  ]),
  ['cast of float32 to bool', () => tf.cast(floats(), 'bool')],
  ['cast of int32 to bool', () => tf.cast(tf.tensor1d([0, 1, -1, 256], 'int32'), 'bool')],
  ...unary.map((name): [string, () => tf.Tensor] => [`${name} of int32`, () => tf[name](small())]),
  ...ofTruths.map((name): [string, () => tf.Tensor] => [`${name} of bool`, () => tf[name](truths())]),
  ['clipByValue of int32', () => tf.clipByValue(whole(), -1, 100_000_000)],
  ['prelu of int32', () => tf.prelu(whole(), tf.tensor1d([1, 2, 3], 'int32'))],
  ['prelu by int32', () => tf.prelu(tf.neg(floats()), tf.tensor1d([1, 2, 3], 'int32'))],
  ['where of float32 and int32', () => tf.where(truths(), tf.abs(floats()), whole())],
  ['where of int32 and float32', () => tf.where(truths(), whole(), tf.abs(floats()))],
  ['where of bool', () => tf.where(truths(), truths(), tf.logicalNot(truths()))],
  ['reverse of bool', () => tf.reverse(truths(), 1)],
  ['stridedSlice of int32', () => tf.stridedSlice(whole(), [0, 2], [2, 0], [1, -1])],
  ['stridedSlice of bool', () => tf.stridedSlice(truths(), [0, 2], [2, 0], [1, -1])],
  ['mod of bool', () => tf.mod(truths(), tf.onesLike(truths()))],
  ['nearest resizing of int32', () => tf.image.resizeNearestNeighbor(tf.reshape<tf.Rank.R4>(whole(), [1, 2, 3, 1]), [4, 3])], // prettier-ignore
];

it.each(cases)('%s is what it is on cpu', async (_, compute) => {
  const on = async (backend: 'cpu' | 'wasm') => {
    await tf.setBackend(backend);
    const result = tf.tidy(compute);
    const { dtype, shape } = result;
    return { dtype, shape, values: Array.from(await result.data()) };
  };
  const [cpu, wasm] = [await on('cpu'), await on('wasm')];
  expect([wasm.dtype, wasm.shape]).toEqual([cpu.dtype, cpu.shape]);
  wasm.values.forEach((value, index) => {
    if (!Number.isNaN(cpu.values[index])) expect(value).toBeCloseTo(cpu.values[index] as number, 4);
  });
});

it('frees what the conversions create', async () => {
  await tf.setBackend('wasm');
  const held = (): number => (tf.backend() as unknown as { numDataIds: () => number }).numDataIds();
  const before = held();
  for (const [, compute] of cases) tf.tidy(compute).dispose();
  expect(held()).toBe(before);
});
