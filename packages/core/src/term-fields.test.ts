import { expectKdError } from '@kd/testing';
import { describe, expect, it } from 'vitest';
import { termFields } from './term-fields.js';

describe('termFields', () => {
  it('gives weight 1 and the default name where nothing is said', () => {
    expect(termFields('f', 'usual', {})).toEqual({ apiVersion: 1, name: 'usual', weight: 1 });
  });

  it('keeps a schedule as it is', () => {
    const weight = (): number => 3;
    expect(termFields('f', 'usual', { weight, name: 'own' })).toEqual({ apiVersion: 1, name: 'own', weight });
  });

  it.each([
    ['a negative weight', { weight: -1 }, 'KD_OPTION_RANGE', 'options.weight'],
    ['NaN', { weight: NaN }, 'KD_OPTION_RANGE', 'options.weight'],
    ['a text', { weight: '1' }, 'KD_OPTION_TYPE', 'options.weight'],
    ['an empty name', { name: '' }, 'KD_OPTION_TYPE', 'options.name'],
  ])('refuses %s', async (_, options, code, argument) => {
    await expectKdError(() => termFields('f', 'usual', options as never), code, argument);
  });
});
