import { describe, expect, it } from 'vitest';
import { describeTap } from './tap.js';

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
