import { expectClose, expectKdError } from '@kd/testing';
import { expect, it } from 'vitest';
import { logOfRest, logOfSum } from './log-of-rest.js';

const rest = (...probabilities: number[]): number =>
  logOfRest({ where: 'test', answer: 'the answer' }, 0, probabilities.map(Math.log));
const close = { relative: 1e-12, absolute: 0 };

it('is the logarithm of what the classes do not have', () => {
  expectClose(rest(0.5, 0.25), Math.log(0.25), close);
  expectClose(rest(0.125), Math.log(0.875), close);
});

it('keeps its digits where one class has nearly everything', () => {
  // exp(-1e-12) rounds to 1 - 1.000089e-12.
  const place = { where: 'test', answer: 'the answer' };
  expectClose(logOfRest(place, 0, [-1e-12, Math.log(0.5e-12)]), Math.log(0.5e-12), { relative: 1e-10, absolute: 0 }); // prettier-ignore
});

it('is that of the smallest float32 where nothing is left', () => {
  expect(rest(1)).toBe(-103);
  // Rounded by a server.
  expect(rest(0.75, 0.2500001)).toBe(-103);
  expect(rest(1.0005)).toBe(-103);
});

it('is refused where more than everything is given', async () => {
  await expectKdError(() => rest(0.75, 0.26), 'KD_PROBABILITY_RANGE', 'position 0', '1.01');
});

it('adds probabilities', () => {
  expectClose(logOfSum(Math.log(0.25), Math.log(0.125)), Math.log(0.375), close);
  expect(logOfSum(-Infinity, -2)).toBe(-2);
});
