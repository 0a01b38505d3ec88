import { describe, expect, it } from 'vitest';
import { expectKdError } from '@kd/testing';
import { checkTap, describeTap } from './tap.js';

describe('describeTap', () => {
  it.each([
    ['conv2d_2', 'conv2d_2'],
    [{ layer: 'a' }, 'a'],
    [{ layer: 'a', at: 'output' }, 'a'],
    [{ layer: 'backbone/a', node: 1 }, 'backbone/a#1'],
    [{ layer: 'a', node: 0, at: 'preActivation' }, 'a#0@preActivation'],
  ] as const)('prints %o as %s', (tap, expected) => {
    expect(describeTap(tap)).toBe(expected);
  });
});

describe('checkTap', () => {
  it('accepts names and objects', () => {
    checkTap('f', 'options.tap', 'conv2d_2');
    checkTap('f', 'options.tap', { layer: 'a', node: 0, at: 'preActivation' });
  });

  it.each<[unknown, string[]]>([
    [undefined, ['options.tap', 'undefined']],
    [3, ['options.tap', '3']],
    [{ name: 'a' }, ['options.tap', 'an object with name']],
    [{ layer: 'a', at: 'input' }, ['at of tap "a"', '"output"', '"preActivation"']],
  ])('refuses %j', (tap, facts) =>
    expectKdError(
      () => {
        checkTap('f', 'options.tap', tap);
      },
      'KD_OPTION_TYPE',
      ...facts,
    ),
  );
});
