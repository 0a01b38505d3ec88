import { expectKdError, useBackend } from '@kd/testing';
import { sigmoid, softmax, sum, tensor1d } from '@tensorflow/tfjs-core';

import { describe, expect, it } from 'vitest';
import { convention, conventions } from './index.js';

await useBackend('cpu');

const at = { where: 'f', argument: 'options.convention' };

describe('convention', () => {
  it.each(Object.keys(conventions))('accepts %s', (name) => {
    expect(convention.read(at, name)).toBe(name);
  });

  it.each([undefined, null, 'softmax', '', 'toString', 3, ['logits']])('refuses %o', async (given) => {
    const code = typeof given === 'string' ? 'KD_OPTION_RANGE' : 'KD_OPTION_TYPE';
    await expectKdError(() => convention.read(at, given), code, 'options.convention', '"logits"');
  });
});

describe('conventions', () => {
  it('squash logits of classes to a distribution, and logits of labels one by one', () => {
    const squash = { softmax, sigmoid };
    const sums = (['logits', 'sigmoid-logits'] as const).map((name) =>
      sum(squash[conventions[name].squashing as 'softmax' | 'sigmoid'](tensor1d([0, 0, 0]))).arraySync(),
    );
    expect(sums).toEqual([1, 1.5]);
  });

  it('convert only within a family', () => {
    const of = (family: string): string[] =>
      Object.entries(conventions).flatMap(([name, meaning]) => (meaning.family === family ? [name] : []));
    expect([of('classes'), of('independent labels'), of('values')]).toEqual([
      ['logits', 'probabilities'],
      ['sigmoid-logits', 'sigmoid-probabilities'],
      ['values'],
    ]);
  });
});
