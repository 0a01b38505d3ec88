import { noTensors } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { ones, tensor1d, zeros } from '@tensorflow/tfjs-core';

const column: BadValue = [
  'a column, which would be broadcast',
  () => ones([2, 1]),
  'KD_CLASSES_MISMATCH',
  '[2,1]',
  '[2,3]',
];

/** A tensor of classes that does not match `[2, 3]` on the other side. */
export function mismatches(minimum: number): readonly BadValue[] {
  return [
    ['more classes', () => ones([2, 4]), 'KD_CLASSES_MISMATCH', 'equal numbers of classes', '[2,4]', '[2,3]'],
    ['another batch', () => ones([3, 3]), 'KD_TENSOR_SHAPE', '[3,3]', '[2,3]'],
    ['one row, which would be broadcast', () => ones([1, 3]), 'KD_TENSOR_SHAPE', '[1,3]', '[2,3]'],
    ['another rank', () => ones([1, 2, 3]), 'KD_TENSOR_SHAPE', '[1,2,3]', '[2,3]'],
    ...(minimum > 1 ? [] : [column]),
  ];
}

/** Values that are not class ids for two examples. */
export const noIds: readonly BadValue[] = [
  ...noTensors,
  ['strings', () => tensor1d(['a', 'b']), 'KD_TENSOR_DTYPE', 'a string tensor [2]'],
  ['booleans', () => tensor1d([true, false]), 'KD_TENSOR_DTYPE', 'a bool tensor [2]'],
  ['too few', () => tensor1d([0], 'int32'), 'KD_TENSOR_SHAPE', '[1]'],
  ['too many', () => tensor1d([0, 1, 1], 'int32'), 'KD_TENSOR_SHAPE', '[3]'],
  ['a scalar', () => ones([]), 'KD_TENSOR_SHAPE', '[]'],
  ['none', () => zeros([0]), 'KD_TENSOR_SHAPE', '[0]'],
];

/** Values that are not options with a temperature. The option's name with a dot is part of the message. */
export const noSoftOptions: readonly BadValue[] = [
  ['undefined', () => undefined, 'KD_OPTION_TYPE', 'options', 'undefined'],
  ['null', () => null, 'KD_OPTION_TYPE', 'options', 'null'],
  ['a number', () => 4, 'KD_OPTION_TYPE', 'options', '4'],
  ['an array', () => [4], 'KD_OPTION_TYPE', 'options', 'an array of length 1'],
  ['no temperature', () => ({}), 'KD_OPTION_TYPE', 'options.temperature', 'undefined'],
  ['a string', () => ({ temperature: '4' }), 'KD_OPTION_TYPE', 'options.temperature', '"4"'],
  ['T = 1e20', () => ({ temperature: 1e20 }), 'KD_OPTION_RANGE', '2^63', '100000000000000000000'],
  ['T = 1e-30', () => ({ temperature: 1e-30 }), 'KD_OPTION_RANGE', '2^-63', '1e-30'],
  ['T = 0', () => ({ temperature: 0 }), 'KD_OPTION_RANGE', 'a finite number > 0', '0'],
  ['T < 0', () => ({ temperature: -4 }), 'KD_OPTION_RANGE', 'options.temperature', '-4'],
  ['T = NaN', () => ({ temperature: NaN }), 'KD_OPTION_RANGE', 'options.temperature', 'NaN'],
  ['T = Infinity', () => ({ temperature: Infinity }), 'KD_OPTION_RANGE', 'Infinity'],
  [
    'an unknown option',
    () => ({ temperature: 4, tau: 4 }),
    'KD_OPTION_UNKNOWN',
    'options.tau',
    'temperature',
  ],
  [
    'a choice of T² that is not boolean',
    () => ({ temperature: 4, scaleByTemperatureSquared: 'no' }),
    'KD_OPTION_TYPE',
    'options.scaleByTemperatureSquared',
    '"no"',
  ],
];

/** Values that are not a fraction, for the option of this name; the other options are valid. */
export function noFractions(option: string, rest: object): readonly BadValue[] {
  const set = (value: unknown) => () => ({ ...rest, [option]: value });
  const expected = `options.${option}`;
  return [
    [`${option} as a string`, set('0.5'), 'KD_OPTION_TYPE', expected, '"0.5"'],
    [`${option} = null`, set(null), 'KD_OPTION_TYPE', expected, 'null'],
    [`${option} < 0`, set(-0.1), 'KD_OPTION_RANGE', expected, '-0.1'],
    [`${option} > 1`, set(1.1), 'KD_OPTION_RANGE', expected, '1.1'],
    [`${option} = NaN`, set(NaN), 'KD_OPTION_RANGE', expected, 'NaN'],
    [`${option} = Infinity`, set(Infinity), 'KD_OPTION_RANGE', expected, 'Infinity'],
  ];
}
