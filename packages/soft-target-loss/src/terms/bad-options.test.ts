import { itRefuses, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { beforeAll, describe } from 'vitest';
import { noFractions, noSoftOptions } from '../../test/bad-values.js';
import { accuracy } from './accuracy.js';
import { hardTarget, hardTargetFromDistributions, sigmoidHardTarget } from './hard-target.js';
import { logitMatching } from './logit-matching.js';
import { skewReverseSoftTarget, skewSoftTarget } from './skew-soft-target.js';
import { jensenShannon, reverseSoftTarget, sigmoidSoftTarget, softTarget } from './soft-target.js';

beforeAll(() => useBackend('cpu'));

/** What no term accepts, with the rest of its options. */
function noTermOptions(rest: object): readonly BadValue[] {
  const set = (option: string, value: unknown) => () => ({ ...rest, [option]: value });
  return [
    ['null', () => null, 'KD_OPTION_TYPE', 'options', 'null'],
    ['a string', () => 'soft', 'KD_OPTION_TYPE', 'options', '"soft"'],
    ['an unknown option', set('weigth', 1), 'KD_OPTION_UNKNOWN', 'options.weigth', 'weight'],
    ['weight < 0', set('weight', -1), 'KD_OPTION_RANGE', 'options.weight', '-1'],
    ['weight = NaN', set('weight', NaN), 'KD_OPTION_RANGE', 'options.weight', 'NaN'],
    ['weight = Infinity', set('weight', Infinity), 'KD_OPTION_RANGE', 'options.weight', 'Infinity'],
    ['weight as a string', set('weight', '1'), 'KD_OPTION_TYPE', 'options.weight', '"1"'],
    ['an empty name', set('name', ''), 'KD_OPTION_TYPE', 'options.name'],
    ['a name that is a number', set('name', 1), 'KD_OPTION_TYPE', 'options.name', '1'],
  ];
}
const soft = { temperature: 4 };
const noSoftTermOptions: readonly BadValue[] = [
  ...noSoftOptions,
  ...noTermOptions(soft),
  ['a mix by name', () => ({ ...soft, mix: 'geometric' }), 'KD_OPTION_TYPE', 'options.mix'],
];
const noTarget: readonly BadValue[] = [
  ['an empty target', () => ({ target: '' }), 'KD_OPTION_TYPE', 'options.target'],
  ['a target that is a number', () => ({ target: 0 }), 'KD_OPTION_TYPE', 'options.target', '0'],
];
const noBeta: readonly BadValue[] = [0, 1, NaN].map((beta) => [
  `β = ${String(beta)}`,
  () => ({ ...soft, beta }),
  'KD_OPTION_RANGE',
  'options.beta',
  String(beta),
]);

const noAlpha: readonly BadValue[] = [0, 1, NaN].map((alpha) => [
  `α = ${String(alpha)}`,
  () => ({ ...soft, alpha }),
  'KD_OPTION_RANGE',
  'options.alpha',
  String(alpha),
]);

const table: readonly [term: (options: never) => unknown, refuses: readonly BadValue[]][] = [
  [softTarget, noSoftTermOptions],
  [sigmoidSoftTarget, noSoftTermOptions],
  [reverseSoftTarget, noSoftTermOptions],
  [jensenShannon, [...noSoftTermOptions, ...noBeta]],
  [skewSoftTarget, [...noSoftTermOptions, ...noAlpha]],
  [skewReverseSoftTarget, [...noSoftTermOptions, ...noAlpha]],
  [logitMatching, noTermOptions({})],
  [hardTarget, [...noTermOptions({}), ...noTarget, ...noFractions('labelSmoothing', {})]],
  [hardTargetFromDistributions, [...noTermOptions({}), ...noTarget, ...noFractions('labelSmoothing', {})]],
  [sigmoidHardTarget, [...noTermOptions({}), ...noTarget]],
  [accuracy, noTarget],
];

for (const [term, refuses] of table)
  describe(`${term.name} refuses`, () => {
    itRefuses(refuses, term, term.name, 'options');
  });
