import { disposedTensor } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { ones, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core';

/** Values that are not a column. */
const noColumns: readonly BadValue[] = [
  ['undefined', () => undefined, 'KD_DATA_TYPE', 'a tensor, or a Float32Array, Int32Array'],
  ['null', () => null, 'KD_DATA_TYPE', 'null'],
  ['an array', () => [[1, 2]], 'KD_DATA_TYPE', 'an array of length 1'],
  ['a disposed tensor', disposedTensor, 'KD_TENSOR_TYPE', 'a disposed float32 tensor [2,3]'],
  ['strings', () => tensor1d(['a', 'b']), 'KD_TENSOR_DTYPE', 'a string tensor [2]'],
  ['a scalar', () => ones([]), 'KD_TENSOR_SHAPE', '[]'],
];

/** Values that are not a float32 column `[B, N]` with `N >= 2`. */
export const noScores: readonly BadValue[] = [
  ...noColumns,
  ['int32', () => tensor2d([[1, 2, 3]], [1, 3], 'int32'), 'KD_TENSOR_DTYPE', 'int32 tensor [1,3]'],
  ['whole numbers', () => ({ values: new Uint8Array(6), shape: [2, 3] }), 'KD_TENSOR_DTYPE', 'float32'],
  ['one row without its batch', () => new Float32Array(3), 'KD_TENSOR_SHAPE', 'of shape [B, N] with N >= 2'],
  ['one class', () => zeros([2, 1]), 'KD_TENSOR_SHAPE', '[2,1]'],
  ['three axes', () => ones([1, 1, 2]), 'KD_TENSOR_SHAPE', '[1,1,2]'],
  ['an empty batch', () => zeros([0, 3]), 'KD_BATCH_EMPTY', '[0,3]'],
];

/** Values that are not two class ids. */
export const noIds: readonly BadValue[] = [
  ...noColumns,
  ['booleans', () => tensor1d([true, false]), 'KD_TENSOR_DTYPE', 'a bool tensor [2]'],
  ['too few', () => tensor1d([0], 'int32'), 'KD_TENSOR_SHAPE', '[1]'],
  ['too many', () => tensor1d([0, 1, 1], 'int32'), 'KD_TENSOR_SHAPE', '[3]'],
  ['one-hot labels', () => ones([2, 3]), 'KD_TENSOR_SHAPE', '[2,3]'],
  ['none', () => zeros([0]), 'KD_TENSOR_SHAPE', '[0]'],
];

/** Values that are not a temperature. */
export const noTemperatures: readonly BadValue[] = [
  ['undefined', () => undefined, 'KD_OPTION_TYPE', 'undefined'],
  ['a string', () => '4', 'KD_OPTION_TYPE', '"4"'],
  ['an object', () => ({ temperature: 4 }), 'KD_OPTION_TYPE', 'an object with temperature'],
  ['0', () => 0, 'KD_OPTION_RANGE', '0'],
  ['-1', () => -1, 'KD_OPTION_RANGE', '-1'],
  ['NaN', () => NaN, 'KD_OPTION_RANGE', 'NaN'],
  ['Infinity', () => Infinity, 'KD_OPTION_RANGE', 'Infinity'],
  ['an infinite square in float32', () => 1e20, 'KD_OPTION_RANGE', '100000000000000000000'],
  ['a square of 0 in float32', () => 1e-30, 'KD_OPTION_RANGE', '1e-30'],
];
