import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const now = Date.parse('2026-10-21T07:28:00Z');

it.each([
  [null, 0],
  ['0', 0],
  ['120', 120_000],
  [' 1.5 ', 1500],
  ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
  ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
  ['soon', 0],
  ['-3', 0],
  ['99999999', 2 ** 31 - 1],
])('the header %j asks to wait %d ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
