import { ones, tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A value that must be refused: its name, the value, the code, and what the message says of it. */
export type BadValue = readonly [name: string, value: () => unknown, code: string, ...parts: string[]];

function disposed(): Tensor {
  const gone = ones([2, 3]);
  gone.dispose();
  return gone;
}

/** What is no live float32 tensor. */
export const noFloats: readonly BadValue[] = [
  ['undefined', () => undefined, 'KD_TENSOR_TYPE', 'a live tensor; received undefined'],
  ['null', () => null, 'KD_TENSOR_TYPE', 'a live tensor; received null'],
  ['an array', () => [[1, 2]], 'KD_TENSOR_TYPE', 'a live tensor; received an array of length 1'],
  ['a typed array', () => new Float32Array(2), 'KD_TENSOR_TYPE', 'received a Float32Array'],
  ['a disposed tensor', disposed, 'KD_TENSOR_TYPE', 'received a disposed float32 tensor [2,3]'],
  ['int32', () => ones([2, 3], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,3]'],
  ['booleans', () => tensor([true, false]), 'KD_TENSOR_DTYPE', 'a bool tensor [2]'],
];

/** What are no options of a function; `known` are those that it has, `rest` those that it needs. */
export function noOptions(known: string, rest: object = {}): readonly BadValue[] {
  const expected = 'options.normalize must be a function; received';
  return [
    ['null', () => null, 'KD_OPTION_TYPE', `options must be an object with ${known}; received null`],
    ['a number', () => 2, 'KD_OPTION_TYPE', 'options must be an object', 'received 2'],
    ['an array', () => [2], 'KD_OPTION_TYPE', 'options must be an object', 'an array of length 1'],
    [
      'an unknown option',
      () => ({ ...rest, p: 2 }),
      'KD_OPTION_UNKNOWN',
      `options.p must be one of ${known}; received "p"`,
    ],
    ['a normalisation by name', () => ({ ...rest, normalize: 'l1' }), 'KD_OPTION_TYPE', `${expected} "l1"`],
    ['a normalisation of null', () => ({ ...rest, normalize: null }), 'KD_OPTION_TYPE', `${expected} null`],
  ];
}
