import { expectKdError } from '@kd/testing';
import { describe, it } from 'vitest';
import { checkBoolean, checkFunction, checkName, checkOptions } from './check-options.js';

describe('checkOptions', () => {
  it('accepts known keys, all or none of them', () => {
    for (const options of [{}, { a: 1 }, { a: undefined, b: 2 }, Object.create(null) as object]) {
      checkOptions('f', options, ['a', 'b']);
    }
  });

  it('refuses a key that it does not know, with the known ones', async () => {
    await expectKdError(
      () => {
        checkOptions('softTarget', { temprature: 4 }, ['temperature', 'weight']);
      },
      'KD_OPTION_UNKNOWN',
      'softTarget: options.temprature must be one of temperature, weight; received "temprature".',
    );
  });

  it('names the argument if it is not `options`', async () => {
    await expectKdError(
      () => {
        checkOptions('train', { a: 1 }, ['b'], 'recipe.student');
      },
      'KD_OPTION_UNKNOWN',
      'train: recipe.student.a must be one of b',
    );
  });

  it('refuses what is no object of options', async () => {
    const wrong: [unknown, string][] = [
      [undefined, 'undefined'],
      [null, 'null'],
      [4, '4'],
      ['a', '"a"'],
      [[1, 2], 'an array of length 2'],
      [() => 1, 'a function'],
    ];
    for (const [options, received] of wrong) {
      await expectKdError(
        () => {
          checkOptions('softTarget', options, ['a', 'b']);
        },
        'KD_OPTION_TYPE',
        `softTarget: options must be an object with a, b; received ${received}.`,
      );
    }
  });
});

describe.each([
  ['checkFunction', checkFunction, 'a function', [() => 1, Map], [undefined, null, 'f', {}, 1]],
  [
    'checkName',
    checkName,
    'a non-empty string',
    ['a', ' '],
    [undefined, null, '', 1, ['a'], new String('a')],
  ],
  ['checkBoolean', checkBoolean, 'true or false', [true, false], [undefined, null, 0, 1, 'true', [], {}]],
] as const)('%s', (_, check, expected, right, wrong) => {
  it('accepts its type', () => {
    for (const value of right) check('f', 'x', value);
  });

  it('refuses every other', async () => {
    for (const value of wrong) {
      await expectKdError(
        () => {
          check('train', 'options.x', value);
        },
        'KD_OPTION_TYPE',
        `train: options.x must be ${expected}; received `,
      );
    }
  });
});
