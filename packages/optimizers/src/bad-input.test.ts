import { expectKdError, useBackend } from '@kd/testing';
import { describe, it } from 'vitest';
import { adam, adamW, rmsprop, sgd } from './index.js';

await useBackend('cpu');

type Refusal = readonly [options: unknown, code: string, ...facts: string[]];

const notPositive = (name: string): Refusal[] => [
  [{ [name]: 0 }, 'KD_OPTION_RANGE', `options.${name}`, '0'],
  [{ [name]: -1 }, 'KD_OPTION_RANGE', `options.${name}`, '-1'],
  [{ [name]: NaN }, 'KD_OPTION_RANGE', `options.${name}`, 'NaN'],
  [{ [name]: Infinity }, 'KD_OPTION_RANGE', `options.${name}`, 'Infinity'],
  [{ [name]: '1' }, 'KD_OPTION_TYPE', `options.${name}`, '"1"'],
  [{ [name]: null }, 'KD_OPTION_TYPE', `options.${name}`, 'null'],
];
const noDecayRate = (name: string): Refusal[] => [
  [{ [name]: 1 }, 'KD_OPTION_RANGE', `options.${name}`, '1'],
  [{ [name]: -0.1 }, 'KD_OPTION_RANGE', `options.${name}`, '-0.1'],
  [{ [name]: NaN }, 'KD_OPTION_RANGE', `options.${name}`, 'NaN'],
  [{ [name]: '0.9' }, 'KD_OPTION_TYPE', `options.${name}`, '"0.9"'],
];
const noBoolean = (name: string): Refusal[] => [[{ [name]: 1 }, 'KD_OPTION_TYPE', `options.${name}`, '1']];
const shared = (known: string): Refusal[] => [
  [null, 'KD_OPTION_TYPE', 'options', 'null'],
  [0.1, 'KD_OPTION_TYPE', 'options', '0.1'],
  [{ lr: 0.1 }, 'KD_OPTION_UNKNOWN', 'options.lr', '"lr"', known],
  [{ learningRate: -0.1 }, 'KD_OPTION_RANGE', 'options.learningRate', '-0.1'],
  [{ learningRate: NaN }, 'KD_OPTION_RANGE', 'options.learningRate', 'NaN'],
  [{ learningRate: Infinity }, 'KD_OPTION_RANGE', 'options.learningRate', 'Infinity'],
  [{ learningRate: '0.1' }, 'KD_OPTION_TYPE', '"0.1"'],
  [{ learningRate: null }, 'KD_OPTION_TYPE', 'options.learningRate', 'null'],
  [{ learningRate: [0.1, 0.2] }, 'KD_OPTION_TYPE', 'an array of length 2', 'options.learningRate'],
  [{ weightDecay: -1 }, 'KD_OPTION_RANGE', 'options.weightDecay', '-1'],
  [{ weightDecay: NaN }, 'KD_OPTION_RANGE', 'options.weightDecay', 'NaN'],
  [{ weightDecay: '1' }, 'KD_OPTION_TYPE', 'options.weightDecay', '"1"'],
  ...notPositive('clipNorm'),
  ...notPositive('maxNorm'),
  [{ maxNorm: { hidden: 0 } }, 'KD_OPTION_RANGE', 'options.maxNorm["hidden"]', '0'],
  [{ maxNorm: { hidden: '3' } }, 'KD_OPTION_TYPE', 'options.maxNorm["hidden"]', '"3"'],
  [{ maxNorm: [3] }, 'KD_OPTION_TYPE', 'options.maxNorm', 'an array of length 1'],
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
      [{ momentum: [0.1, 0.2] }, 'KD_OPTION_TYPE', 'options.momentum', 'an array of length 2'],
      ...noBoolean('nesterov'),
      [{ momentum: 0.9, dampening: 1.5 }, 'KD_OPTION_RANGE', 'options.dampening', '1.5'],
      [{ momentum: 0.9, dampening: '0' }, 'KD_OPTION_TYPE', 'options.dampening', '"0"'],
      [{ dampening: 0.5 }, 'KD_OPTION_RANGE', 'options.dampening', '0.5'],
      [{ nesterov: true }, 'KD_OPTION_RANGE', 'options.nesterov', 'momentum 0 and'],
      [
        { nesterov: true, momentum: 0.9, dampening: 0.1 },
        'KD_OPTION_RANGE',
        'options.nesterov',
        'true with momentum 0.9 and dampening 0.1',
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
      [{ momentum: [0.1, 0.2] }, 'KD_OPTION_TYPE', 'options.momentum', 'an array of length 2'],
      ...notPositive('epsilon'),
      ...noBoolean('centered'),
    ],
  },
];

describe.each(table)('$make.name refuses', ({ make, refusals }) => {
  for (const [options, code, ...facts] of refusals) {
    it(`${JSON.stringify(options, (_, value: unknown) => (typeof value === 'number' ? String(value) : value))}, ${code}`, async () => {
      await expectKdError(() => make(options as never), code, make.name, ...facts);
    });
  }
});

it('setCompile refuses what is no choice', async () => {
  const optimizer = adam();
  for (const [wrong, code] of [
    ['sometimes', 'KD_OPTION_RANGE'],
    [true, 'KD_OPTION_TYPE'],
    [undefined, 'KD_OPTION_TYPE'],
  ] as const)
    await expectKdError(() => { optimizer.setCompile(wrong as never); }, code, 'adam.setCompile', 'compile'); // prettier-ignore
});
