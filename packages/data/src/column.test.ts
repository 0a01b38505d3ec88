import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { complex, ones, scalar, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkColumn } from './column.js';

await useBackend('cpu');

const whole = [0, 1, 255, 3, 7, 2];
const rows = Int32Array.of(2, 0, 2);
const expected = [7, 2, 0, 1, 7, 2];

const taken = (column: unknown, dtype: 'float32' | 'as given'): [string, number[], number[]] => {
  const tensor: Tensor = checkColumn('test', 'column', column, dtype).take(rows);
  const result: [string, number[], number[]] = [tensor.dtype, tensor.shape, Array.from(tensor.dataSync())];
  tensor.dispose();
  return result;
};

describe('checkColumn', () => {
  it.each<[string, unknown, string]>([
    ['a float32 tensor', tensor2d(whole, [3, 2]), 'float32'],
    ['an int32 tensor', tensor2d(whole, [3, 2], 'int32'), 'int32'],
    ['a Float32Array', { values: Float32Array.from(whole), shape: [3, 2] }, 'float32'],
    ['an Int32Array', { values: Int32Array.from(whole), shape: [3, 2] }, 'int32'],
    ['a Uint8Array', { values: Uint8Array.from(whole), shape: [3, 2] }, 'int32'],
  ])('takes rows of %s, in any order and more than once', async (_, column, dtype) => {
    await expectNoLeak(() => {
      expect(taken(column, 'as given')).toEqual([dtype, [3, 2], expected]);
      expect(taken(column, 'float32')).toEqual(['float32', [3, 2], expected]);
    });
  });

  it('reads a plain typed array as one number per example', () => {
    expect(taken(Float32Array.of(5, 6, 7), 'as given')).toEqual(['float32', [3], [7, 5, 7]]);
  });

  it('reads all numbers', async () => {
    expect(await checkColumn('test', 'x', tensor1d([1, 2]), 'as given').read()).toEqual(
      Float32Array.of(1, 2),
    );
    const values = Uint8Array.of(3, 4);
    expect(await checkColumn('test', 'x', values, 'float32').read()).toBe(values);
  });

  const gone = ones([2]);
  gone.dispose();
  it.each<[string, unknown, string, ...string[]]>([
    ['undefined', undefined, 'KD_DATA_TYPE', 'x'],
    ['an array', [1, 2], 'KD_DATA_TYPE', 'an array of length 2'],
    ['a Float64Array', new Float64Array(2), 'KD_DATA_TYPE', 'a Float64Array'],
    ['values without a shape', { values: new Int32Array(2) }, 'KD_DATA_TYPE', 'an object with values'],
    ['a shape of fractions', { values: new Int32Array(6), shape: [1.5, 4] }, 'KD_DATA_TYPE', 'values, shape'],
    ['a shape of another size', { values: new Int32Array(6), shape: [4] }, 'KD_TENSOR_SHAPE', 'x.shape', '[4]'], // prettier-ignore
    ['one number', { values: new Int32Array(1), shape: [] }, 'KD_TENSOR_SHAPE', '[]'], // prettier-ignore
    ['a scalar', scalar(1), 'KD_TENSOR_SHAPE', 'a float32 tensor []'],
    ['a disposed tensor', gone, 'KD_TENSOR_TYPE', 'a disposed float32 tensor [2]'],
    ['strings', tensor1d(['a', 'b']), 'KD_TENSOR_DTYPE', 'x'],
    ['complex numbers', complex([1], [1]), 'KD_TENSOR_DTYPE', 'x'],
  ])('refuses %s', async (_, column, code, ...facts) => {
    await expectKdError(() => checkColumn('test', 'x', column, 'float32'), code, ...facts);
  });
});
