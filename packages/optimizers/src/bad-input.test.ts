import { expectKdError, useBackend } from '@kd/testing';
import { describe, it } from 'vitest';
import { adam, adamW, rmsprop, sgd } from './index.js';

await useBackend('cpu');

type Refusal = readonly [options: unknown, code: string, ...parts: string[]];

const notPositive = (name: string): Refusal[] => [
  [{ [name]: 0 }, 'KD_OPTION_RANGE', `options.${name} must be a finite number > 0; received 0`],
  [{ [name]: -1 }, 'KD_OPTION_RANGE', `options.${name}`, 'received -1'],
  [{ [name]: NaN }, 'KD_OPTION_RANGE', `options.${name}`, 'received NaN'],
  [{ [name]: Infinity }, 'KD_OPTION_RANGE', `options.${name}`, 'received Infinity'],
  [{ [name]: '1' }, 'KD_OPTION_TYPE', `options.${name}`, 'received "1"'],
  [{ [name]: null }, 'KD_OPTION_TYPE', `options.${name}`, 'received null'],
];
const noDecayRate = (name: string): Refusal[] => [
  [{ [name]: 1 }, 'KD_OPTION_RANGE', `options.${name} must be a number in [0, 1); received 1`],
  [{ [name]: -0.1 }, 'KD_OPTION_RANGE', `options.${name}`, 'received -0.1'],
  [{ [name]: NaN }, 'KD_OPTION_RANGE', `options.${name}`, 'received NaN'],
  [{ [name]: '0.9' }, 'KD_OPTION_TYPE', `options.${name}`, 'received "0.9"'],
];
const noBoolean = (name: string): Refusal[] => [
  [{ [name]: 1 }, 'KD_OPTION_TYPE', `options.${name} must be true or false; received 1`],
];
const shared = (known: string): Refusal[] => [
  [null, 'KD_OPTION_TYPE', `options must be an object with ${known}; received null`],
  [0.1, 'KD_OPTION_TYPE', 'options must be an object', 'received 0.1'],
  [{ lr: 0.1 }, 'KD_OPTION_UNKNOWN', `options.lr must be one of ${known}; received "lr"`],
  [
    { learningRate: -0.1 },
    'KD_OPTION_RANGE',
    'options.learningRate must be a finite number >= 0 or a schedule; received -0.1',
  ],
  [{ learningRate: NaN }, 'KD_OPTION_RANGE', 'options.learningRate', 'received NaN'],
  [{ learningRate: Infinity }, 'KD_OPTION_RANGE', 'options.learningRate', 'received Infinity'],
  [{ learningRate: '0.1' }, 'KD_OPTION_TYPE', 'a finite number >= 0 or a schedule; received "0.1"'],
  [{ learningRate: null }, 'KD_OPTION_TYPE', 'options.learningRate', 'received null'],
  [{ learningRate: [0.1, 0.2] }, 'KD_OPTION_TYPE', 'received an array of length 2', 'compile it anew'],
  [{ weightDecay: -1 }, 'KD_OPTION_RANGE', 'options.weightDecay must be a finite number >= 0; received -1'],
  [{ weightDecay: NaN }, 'KD_OPTION_RANGE', 'options.weightDecay', 'received NaN'],
  [{ weightDecay: '1' }, 'KD_OPTION_TYPE', 'options.weightDecay', 'received "1"'],
  ...notPositive('clipNorm'),
  ...notPositive('maxNorm'),
];
const ofAdam: Refusal[] = [
  ...shared('learningRate, weightDecay, clipNorm, maxNorm, beta1, beta2, epsilon'),
  ...noDecayRate('beta1'),
  ...noDecayRate('beta2'),
  ...notPositive('epsilon'),
];

const table: readonly { make: (options: never) => unknown; refusals: readonly Refusal[] }[] = [
  {
    make: sgd,
    refusals: [
      ...shared('learningRate, weightDecay, clipNorm, maxNorm, momentum, dampening, nesterov'),
      ...noDecayRate('momentum'),
      ...noBoolean('nesterov'),
      [
        { momentum: 0.9, dampening: 1.5 },
        'KD_OPTION_RANGE',
        'options.dampening must be a number in [0, 1]; received 1.5',
      ],
      [{ momentum: 0.9, dampening: '0' }, 'KD_OPTION_TYPE', 'options.dampening', 'received "0"'],
      [{ dampening: 0.5 }, 'KD_OPTION_RANGE', 'options.dampening must be 0 without momentum; received 0.5'],
      [
        { nesterov: true },
        'KD_OPTION_RANGE',
        'options.nesterov must be false without momentum',
        'momentum 0 and',
      ],
      [
        { nesterov: true, momentum: 0.9, dampening: 0.1 },
        'KD_OPTION_RANGE',
        'options.nesterov',
        'received true with momentum 0.9 and dampening 0.1',
      ],
    ],
  },
  { make: adam, refusals: ofAdam },
  { make: adamW, refusals: ofAdam },
  {
    make: rmsprop,
    refusals: [
      ...shared('learningRate, weightDecay, clipNorm, maxNorm, alpha, epsilon, momentum, centered'),
      ...noDecayRate('alpha'),
      ...noDecayRate('momentum'),
      ...notPositive('epsilon'),
      ...noBoolean('centered'),
    ],
  },
];

describe.each(table)('$make.name refuses', ({ make, refusals }) => {
  for (const [options, code, ...parts] of refusals) {
    it(`${JSON.stringify(options, (_, value: unknown) => (typeof value === 'number' ? String(value) : value))}, ${code}`, async () => {
      await expectKdError(() => make(options as never), code, `${make.name}: `, ...parts);
    });
  }
});
