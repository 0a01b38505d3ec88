import { expect, it } from 'vitest';
import { fillBetween } from './fill-between.js';

it('replaces what stands between the comments, again and again', () => {
  const text = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n';
  const filled = 'a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n';
  expect(fillBetween(text, 'x', 'new')).toBe(filled);
  expect(fillBetween(filled, 'x', 'new')).toBe(filled);
});

it('refuses a text without them', () => {
  expect(() => fillBetween('<!-- /x --><!-- x -->', 'x', 'new')).toThrow('<!-- x -->');
});
