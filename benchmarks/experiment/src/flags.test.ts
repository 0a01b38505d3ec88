import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { positive, share, whole, wholeList } from './flags.js';

it('reads numbers in their range', () => {
  expect([whole(1, 20)('20'), wholeList(3, 99)('3,5'), positive('0.5'), share('0.03')]).toEqual([
    20,
    [3, 5],
    0.5,
    0.03,
  ]);
});

it.each([
  ['0', whole(1, 20)],
  ['2.5', whole(1, 20)],
  ['3,100', wholeList(3, 99)],
  ['0', positive],
  ['1', share],
  ['x', share],
])('refuses %s', (text, read) => {
  expect(() => read(text)).toThrow(InvalidArgumentError);
});
