import { softmax } from './float64.js';

/** The number of tokens that the model of the tests knows. */
export const vocabulary = 6;

/** What the model of the tests says after some tokens: it depends on each of them and on their order. */
export function probabilitiesAfter(tokens: readonly number[]): number[] {
  const state = tokens.reduce((sum, token, position) => sum + (token + 1) * (position + 1) ** 2, 0);
  const logits = Array.from({ length: vocabulary }, (_, token) => 2 * Math.sin(state + 7 * token));
  return softmax(logits, 1);
}

/** The tokens after some others, the most likely first. */
export function mostLikelyAfter(tokens: readonly number[], count: number): { token: number; p: number }[] {
  const all = probabilitiesAfter(tokens).map((p, token) => ({ token, p }));
  return all.sort((one, other) => other.p - one.p).slice(0, count);
}
