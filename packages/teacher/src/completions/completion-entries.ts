import { describeValue, KdError } from '@kd/core';
import { checkCount, checkSame } from './echoed-tokens.js';
import { logprobsOfChoice } from './only-choice.js';
import type { AnswerPlace } from './only-choice.js';

/** A token and its log-probability. */
export interface Entry {
  readonly token: string;
  readonly logprob: number;
}

/**
 * The most likely tokens after each token of a prompt that was sent with `echo` and `max_tokens: 1`: after
 * token t they are entry t + 1 of the answer, and after the last one the entry of the token that the server
 * has added.
 */
export function entriesOfCompletion(
  place: AnswerPlace,
  body: unknown,
  sent: ArrayLike<number>,
): readonly (readonly Entry[])[] {
  const logprobs = logprobsOfChoice(place, body);
  const { tokens, top_logprobs: tops } = Object(logprobs) as Record<'tokens' | 'top_logprobs', unknown>;
  if (!Array.isArray(tokens) || !Array.isArray(tops)) throw missing(place, describeValue(logprobs));
  const { usage } = Object(body) as { readonly usage?: unknown };
  const { prompt_tokens: counted } = Object(usage) as { readonly prompt_tokens?: unknown };
  if (typeof counted === 'number')
    checkCount(place, 'usage.prompt_tokens', [sent.length, 'as many as were sent'], counted);
  const all = [sent.length + 1, 'those that were sent and the added one'] as const;
  checkCount(place, 'logprobs.tokens', all, tokens.length);
  checkCount(place, 'logprobs.top_logprobs', all, tops.length);
  checkSame(place, tokens, sent);
  return tops.slice(1).map((top, position) => entriesOf(place, top, position));
}

function entriesOf(place: AnswerPlace, top: unknown, position: number): Entry[] {
  const entries = Object.entries(Object(top) as object) as [string, unknown][];
  const isNumber = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === 'number';
  if (entries.length > 0 && entries.every(isNumber))
    return entries.map(([token, logprob]) => ({ token, logprob }));
  throw missing(place, `${describeValue(top)} after token ${String(position)}`);
}

function missing({ where, answer }: AnswerPlace, received: string): KdError {
  return new KdError({
    code: 'KD_LOGPROBS_MISSING',
    where,
    argument: `logprobs of ${answer}`,
    expected: '{ tokens, top_logprobs }, with the log-probabilities of tokens after each token',
    received,
    remedy: 'Use a server that supports echo and logprobs together; the README of @kd/teacher lists some.',
  });
}
