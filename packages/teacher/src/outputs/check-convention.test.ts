import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import type { Convention } from '@kd/core';
import { tensor } from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { checkConvention } from './check-convention.js';

await useBackend('cpu');

async function check(values: number[][] | number[][][], convention: Convention): Promise<void> {
  const output = tensor(values, undefined, 'float32');
  await checkConvention('here', output, convention);
  output.dispose();
}

describe('checkConvention accepts', () => {
  it.each<[string, Convention, number[][] | number[][][]]>([
    ['logits', 'logits', [[2, -1, 0]]],
    [
      'rows of which only one looks like probabilities',
      'logits',
      [
        [1, 0, 0],
        [3, 1, 0],
      ],
    ],
    [
      'logits in [0, 1]',
      'logits',
      [
        [0.5, 0.25, 0],
        [1, 1, 0],
      ],
    ],
    ['logits of one class', 'logits', [[1], [1]]],
    [
      'probabilities',
      'probabilities',
      [
        [0.25, 0.75, 0],
        [1, 0, 0],
      ],
    ],
    ['what 16 bits round probabilities to', 'probabilities', [[0.3335, 0.3335, 0.3335]]],
    [
      'probabilities of each position',
      'probabilities',
      [
        [
          [0.5, 0.5],
          [0.1, 0.9],
        ],
      ],
    ],
    ['sigmoid-probabilities', 'sigmoid-probabilities', [[0, 1, 1]]],
    ['sigmoid-logits in [0, 1]', 'sigmoid-logits', [[0.5, 0.5]]],
  ])('%s', async (_, convention, values) => {
    await expectNoLeak(() => check(values, convention));
  });
});

describe('checkConvention refuses', () => {
  it.each<[string, Convention, number[][] | number[][][], string, ...string[]]>([
    [
      'logits as probabilities',
      'probabilities',
      [
        [0.5, 0.5],
        [2.5, -1],
      ],
      'KD_PROBABILITY_RANGE',
      'here',
      'its answer [2,2]',
      'numbers from -1 to 2.5',
      '"logits"',
    ],
    [
      'sigmoid outputs as probabilities',
      'probabilities',
      [
        [0.5, 0.5],
        [0.5, 0.75],
      ],
      'KD_PROBABILITY_RANGE',
      'a row that sums to 1.25',
      '"sigmoid-probabilities"',
    ],
    [
      'a position that does not sum to one',
      'probabilities',
      [
        [
          [0.5, 0.5],
          [0.1, 0.1],
        ],
      ],
      'KD_PROBABILITY_RANGE',
      'sums to 0.2',
    ],
    [
      'logarithms as probabilities',
      'probabilities',
      [[Math.log(0.25), Math.log(0.75)]],
      'KD_PROBABILITY_RANGE',
      '"logits"',
    ],
    [
      'logits as sigmoid-probabilities',
      'sigmoid-probabilities',
      [[0.5, 1.5]],
      'KD_PROBABILITY_RANGE',
      '"sigmoid-logits"',
    ],
    [
      'probabilities as logits',
      'logits',
      [
        [0.25, 0.75],
        [1, 0],
      ],
      'KD_OUTPUT_CONVENTION',
      'rows of numbers in [0, 1] that all sum to one',
      '"probabilities"',
    ],
    [
      'NaN',
      'logits',
      [
        [1, 2],
        [3, NaN],
      ],
      'KD_TEACHER_NOT_FINITE',
      'NaN in row 1, class 1',
    ],
    ['infinity', 'sigmoid-logits', [[-Infinity, 2]], 'KD_TEACHER_NOT_FINITE', '-Infinity in row 0, class 0'],
  ])('%s', async (_, convention, values, code, ...facts) => {
    await expectKdError(() => check(values, convention), code, ...facts);
  });

  it('a sum that is off by more than a thousandth, but not one that is off by less', async () => {
    await check([[0.5, 0.4995]], 'probabilities');
    await expectKdError(() => check([[0.5, 0.498]], 'probabilities'), 'KD_PROBABILITY_RANGE');
  });
});
