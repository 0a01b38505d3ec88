import { KdError } from '@kd/core';
import type { AnswerPlace } from './only-choice.js';

/** The logarithm of the smallest float32, as stored sets of the k largest have it. */
export const lowest: number = -103;

/** A server's float32 sums to one within this tolerance. */
const tolerance = 1e-3;

/** `log(1 - sum exp(l))` of logarithms of probabilities, the largest of them first; at least `lowest`. */
export function logOfRest(
  { where, answer }: AnswerPlace,
  position: number,
  [largest = 0, ...others]: readonly number[],
): number {
  // 1 - exp(l) keeps its digits if one token has nearly all of the probability.
  const rest = others.reduce((left, log) => left - Math.exp(log), -Math.expm1(largest));
  if (rest > 0) return Math.max(Math.log(rest), lowest);
  if (rest >= -tolerance) return lowest;
  throw new KdError({
    code: 'KD_PROBABILITY_RANGE',
    where,
    argument: `position ${String(position)} of ${answer}`,
    expected: 'logarithms of probabilities whose sum is at most 1',
    received: `a sum of ${String(1 - rest)}`,
    remedy: 'Check that the server gives natural logarithms of probabilities.',
  });
}

/** `log(exp(a) + exp(b))`. */
export function logOfSum(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}
