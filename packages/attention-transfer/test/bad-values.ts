import { ones, tensor, zeros } from '@tensorflow/tfjs-core';
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
  ['an array', () => [[[[1]]]], 'KD_TENSOR_TYPE', 'a live tensor; received an array of length 1'],
  ['a typed array', () => new Float32Array(2), 'KD_TENSOR_TYPE', 'received a Float32Array'],
  ['a disposed tensor', disposed, 'KD_TENSOR_TYPE', 'received a disposed float32 tensor [2,3]'],
  ['int32', () => ones([2, 2, 3, 1], 'int32'), 'KD_TENSOR_DTYPE', 'an int32 tensor [2,2,3,1]'],
  ['booleans', () => tensor([true, false]), 'KD_TENSOR_DTYPE', 'a bool tensor [2]'],
];

const shape = 'of shape [B, height, width, channels] without an empty axis; received';

/** What are no feature maps. */
export const noFeatureMaps: readonly BadValue[] = [
  ...noFloats,
  ['a scalar', () => ones([]), 'KD_TENSOR_SHAPE', `${shape} []`],
  ['vectors', () => ones([2, 3]), 'KD_TENSOR_SHAPE', `${shape} [2,3]`],
  ['one example without its batch', () => ones([2, 3, 1]), 'KD_TENSOR_SHAPE', `${shape} [2,3,1]`],
  ['volumes', () => ones([2, 2, 2, 3, 1]), 'KD_TENSOR_SHAPE', `${shape} [2,2,2,3,1]`],
  ['no rows', () => zeros([2, 0, 3, 1]), 'KD_TENSOR_SHAPE', `${shape} [2,0,3,1]`],
  ['no channels', () => zeros([2, 2, 3, 0]), 'KD_TENSOR_SHAPE', `${shape} [2,2,3,0]`],
  ['an empty batch', () => zeros([0, 2, 3, 1]), 'KD_BATCH_EMPTY', 'one example; received [0,2,3,1]'],
];

/** What are no options of a function; `known` are those that it has, `rest` those that it needs. */
export function noOptions(known: string, rest: object = {}): readonly BadValue[] {
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
  ];
}

/** What is no power. */
export function noPowers(rest: object = {}): readonly BadValue[] {
  const expected = 'options.power must be a finite number >= 1; received';
  const set = (power: unknown) => () => ({ ...rest, power });
  return [
    ['a power of 0', set(0), 'KD_OPTION_RANGE', `${expected} 0`],
    ['a power below 1', set(0.5), 'KD_OPTION_RANGE', `${expected} 0.5`],
    ['a negative power', set(-2), 'KD_OPTION_RANGE', `${expected} -2`],
    ['a power of NaN', set(NaN), 'KD_OPTION_RANGE', `${expected} NaN`],
    ['an infinite power', set(Infinity), 'KD_OPTION_RANGE', `${expected} Infinity`],
    ['a power as a string', set('2'), 'KD_OPTION_TYPE', `${expected} "2"`],
    ['a power of null', set(null), 'KD_OPTION_TYPE', `${expected} null`],
  ];
}

/** What is no distance. */
export function noDistances(rest: object = {}): readonly BadValue[] {
  const expected = 'options.distance must be a function; received';
  return [
    ['a distance by name', () => ({ ...rest, distance: 'code' }), 'KD_OPTION_TYPE', `${expected} "code"`],
    ['a distance of null', () => ({ ...rest, distance: null }), 'KD_OPTION_TYPE', `${expected} null`],
  ];
}
