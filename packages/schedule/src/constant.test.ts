import { expectKdError } from '@kd/testing';
import { expect, it } from 'vitest';
import { constant } from './constant.js';

it('is the same at any time', () => {
  const schedule = constant(0.3);
  for (const time of [0, 1, 1e6]) expect(schedule({ step: time, epoch: time })).toBe(0.3);
});

it('refuses values that are not finite numbers', async () => {
  await expectKdError(() => constant(NaN), 'KD_OPTION_RANGE', 'constant', 'value', 'NaN');
  await expectKdError(() => constant(Infinity), 'KD_OPTION_RANGE', 'value', 'Infinity');
  await expectKdError(() => constant('4' as never), 'KD_OPTION_TYPE', 'value', '"4"');
  await expectKdError(() => constant(undefined as never), 'KD_OPTION_TYPE', 'value', 'undefined');
});
