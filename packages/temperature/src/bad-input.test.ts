import { expectNoLeak, itRefuses, noClassTensors, useBackend } from '@kd/testing';
import type { BadValue } from '@kd/testing';
import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { noIds, noScores, noTemperatures } from '../test/bad-values.js';
import { calibrateTemperature } from './calibrate-temperature.js';
import { expectedCalibrationError } from './expected-calibration-error.js';
import { logSoftmaxAtTemperature, softmaxAtTemperature } from './softmax-at-temperature.js';

beforeAll(() => useBackend('cpu'));

const logits = () => tensor2d([[3, 1, 0], [0, 2, 1]]); // prettier-ignore
const probabilities = () => tensor2d([[0.5, 0.25, 0.25], [0, 1, 0]]); // prettier-ignore
const ids = () => tensor1d([0, 1], 'int32');

const labels: readonly BadValue[] = [
  ...noIds,
  ['an id of no class', () => tensor1d([0, 3], 'int32'), 'KD_LABEL_RANGE', '[1]', '3'],
  ['a negative id', () => tensor1d([-1, 0], 'int32'), 'KD_LABEL_RANGE', '[0]', '-1'],
  ['a fraction', () => tensor1d([0, 0.5]), 'KD_LABEL_RANGE', '[1]', '0.5'],
  ['NaN', () => tensor1d([0, NaN]), 'KD_LABEL_RANGE', '[1]', 'NaN'],
];

const table: readonly {
  readonly where: string;
  readonly argument: string;
  readonly call: (value: never) => unknown;
  readonly refuses: readonly BadValue[];
}[] = [
  ...[softmaxAtTemperature, logSoftmaxAtTemperature].flatMap((each) => [
    {
      where: each.name,
      argument: 'logits',
      call: (value: never) => each(value, 2),
      refuses: noClassTensors(1),
    },
    {
      where: each.name,
      argument: 'temperature',
      call: (value: never) => each(logits(), value),
      refuses: noTemperatures,
    },
  ]),
  {
    where: 'calibrateTemperature',
    argument: 'logits',
    call: (value: never) => calibrateTemperature(value, ids()),
    refuses: [
      ...noScores,
      ['NaN', () => tensor2d([[1, NaN], [1, 2]]), 'KD_OPTION_RANGE', 'finite'], // prettier-ignore
      ['Infinity', () => tensor2d([[1, 0], [Infinity, 2]]), 'KD_OPTION_RANGE', 'finite'], // prettier-ignore
      ['-Infinity', () => tensor2d([[1, 0], [-Infinity, 2]]), 'KD_OPTION_RANGE', 'finite'], // prettier-ignore
    ],
  },
  {
    where: 'calibrateTemperature',
    argument: 'labels',
    call: (value: never) => calibrateTemperature(logits(), value),
    refuses: labels,
  },
  {
    where: 'expectedCalibrationError',
    argument: 'probabilities',
    call: (value: never) => expectedCalibrationError(value, ids()),
    refuses: [
      ...noScores,
      ['logits', logits, 'KD_PROBABILITY_RANGE', '[0]', '[3, 1, 0] with sum 4', 'softmaxAtTemperature'],
      ['a negative one', () => tensor2d([[0, 1], [-0.5, 1.5]]), 'KD_PROBABILITY_RANGE', '[1]', '-0.5'], // prettier-ignore
      ['NaN', () => tensor2d([[0, 1], [NaN, 1]]), 'KD_PROBABILITY_RANGE', '[1]', 'sum NaN'], // prettier-ignore
    ],
  },
  {
    where: 'expectedCalibrationError',
    argument: 'labels',
    call: (value: never) => expectedCalibrationError(probabilities(), value),
    refuses: labels,
  },
  {
    where: 'expectedCalibrationError',
    argument: 'options',
    call: (value: never) => expectedCalibrationError(probabilities(), ids(), value),
    refuses: [
      ['null', () => null, 'KD_OPTION_TYPE', 'null'],
      ['a number', () => 15, 'KD_OPTION_TYPE', '15'],
      ['an unknown option', () => ({ bin: 15 }), 'KD_OPTION_UNKNOWN', '.bin'],
      ['a string', () => ({ bins: '15' }), 'KD_OPTION_TYPE', '.bins', '"15"'],
      ['0 bins', () => ({ bins: 0 }), 'KD_OPTION_RANGE', '.bins', '0'],
      ['half a bin', () => ({ bins: 1.5 }), 'KD_OPTION_RANGE', '.bins', '1.5'],
      ['NaN bins', () => ({ bins: NaN }), 'KD_OPTION_RANGE', '.bins', 'NaN'],
      ['Infinity bins', () => ({ bins: Infinity }), 'KD_OPTION_RANGE', '.bins', 'Infinity'],
    ],
  },
];

describe.each(table)('$where refuses as $argument', ({ where, argument, call, refuses }) => {
  itRefuses(refuses, call, where, argument);
});

describe('a refusal', () => {
  it('leaks no tensor', async () => {
    await expectNoLeak(() => {
      tidy(() => {
        const z: Tensor = logits();
        for (const each of [softmaxAtTemperature, logSoftmaxAtTemperature]) {
          try {
            each(z, 0);
          } catch {
            continue;
          }
        }
      });
    });
  });
});
