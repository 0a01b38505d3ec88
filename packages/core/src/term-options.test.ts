import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { termOptions } from './term-options.js';

describe('termOptions', () => {
  it('default to weight 1 and no name', () => {
    expect(termOptions.read('f')).toStrictEqual({ weight: 1 });
  });

  it('keep a schedule unchanged', () => {
    const weight = (): number => 3;
    expect(termOptions.read('f', { weight, name: 'own' })).toStrictEqual({ weight, name: 'own' });
  });

  it.each([
    ['a negative weight', { weight: -1 }, 'KD_OPTION_RANGE', 'options.weight'],
    ['NaN', { weight: NaN }, 'KD_OPTION_RANGE', 'options.weight'],
    ['a text', { weight: '1' }, 'KD_OPTION_TYPE', 'options.weight'],
    ['an empty name', { name: '' }, 'KD_OPTION_TYPE', 'options.name'],
  ])('refuse %s', async (_, options, code, argument) => {
    await expectKdError(() => termOptions.read('f', options as never), code, argument);
  });
});
