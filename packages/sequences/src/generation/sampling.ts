import { numberIn, optionsOf, positive, whole } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';

/** How a token is drawn from the logits of a model. */
export interface SamplingOptions {
  /** T > 0, by which the logits are divided; default 1. */
  readonly temperature?: number;
  /** Only the k most likely tokens can be drawn, k >= 1; 1 takes the most likely one. Default: all. */
  readonly topK?: number;
  /** Only the most likely tokens that have this probability in all can be drawn, in (0, 1]; default 1. */
  readonly topP?: number;
}

export const samplingOptions: Options<
  SamplingOptions,
  FieldsOf<SamplingOptions, 'temperature' | 'topP'>
> = optionsOf<SamplingOptions>()({
  temperature: positive.default(1),
  topK: whole(1).optional(),
  topP: numberIn('a number above 0, at most 1', (p) => p > 0 && p <= 1).default(1),
});

/** Sampling options with their defaults. */
export type SamplingSettings = Settings<typeof samplingOptions.fields>;

/**
 * The token at a place of the distribution `softmax(z / T)`, cut to the k most likely tokens, and then to the
 * most likely ones that have probability p in all.
 *
 * @param logits z; -Infinity rules a token out
 * @param place in [0, 1), uniform for a draw
 */
export function drawToken(
  logits: Float32Array,
  { temperature, topK = logits.length, topP }: SamplingSettings,
  place: number,
): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weightOf = (token: number): number => Math.exp(((logits[token] as number) - largest) / temperature);
  const all = Array.from(logits, (_, token) => token);
  const isCut = topK < logits.length || topP < 1;
  // Equal logits keep the order of their tokens, so that all backends draw alike.
  if (isCut) all.sort((a, b) => (logits[b] as number) - (logits[a] as number) || a - b);
  const tokens = all.slice(0, topK);
  const weights = tokens.map(weightOf);
  const kept = topP < 1 ? nucleus(weights, topP) : weights;
  return tokens[rankAt(kept, place)] as number;
}

/** The fewest of the largest weights that have a share of the sum of all. */
function nucleus(weights: readonly number[], share: number): readonly number[] {
  const needed = share * sumOf(weights);
  let sum = 0;
  const last = weights.findIndex((weight) => (sum += weight) >= needed);
  return last === -1 ? weights : weights.slice(0, last + 1);
}

/** The weight in which a place lies, a share of the sum of all; never one that is 0. */
function rankAt(weights: readonly number[], place: number): number {
  let left = place * sumOf(weights);
  const rank = weights.findIndex((weight) => (left -= weight) < 0);
  return rank === -1 ? weights.findLastIndex((weight) => weight > 0) : rank;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
