import { describeValue, KdError } from '@kd/core';
import type { Entry } from './completion-entries.js';
import { logprobsOfChoice } from './only-choice.js';
import type { AnswerPlace } from './only-choice.js';

/** The most likely first tokens of a chat model's answer. */
export function entriesOfChat(place: AnswerPlace, body: unknown): readonly Entry[] {
  const logprobs = logprobsOfChoice(place, body);
  const { content } = Object(logprobs) as { readonly content?: unknown };
  const [first] = Array.isArray(content) ? (content as unknown[]) : [];
  const { top_logprobs: top } = Object(first) as { readonly top_logprobs?: unknown };
  if (Array.isArray(top) && top.length > 0 && top.every(isEntry)) return top;
  throw new KdError({
    code: 'KD_LOGPROBS_MISSING',
    where: place.where,
    argument: `logprobs.content[0].top_logprobs of ${place.answer}`,
    expected: 'a list of { token, logprob }',
    received: first === undefined ? describeValue(content ?? logprobs) : describeValue(top),
    remedy: 'Use a model and a server that give log-probabilities; models that reason first often give none.',
  });
}

function isEntry(value: unknown): value is Entry {
  const { token, logprob } = Object(value) as { readonly token?: unknown; readonly logprob?: unknown };
  return typeof token === 'string' && typeof logprob === 'number';
}
