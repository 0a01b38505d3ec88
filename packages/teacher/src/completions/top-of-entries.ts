import { describeValue, KdError } from '@kd/core';
import type { Entry } from './completion-entries.js';
import { logOfRest, logOfSum } from './log-of-rest.js';
import type { AnswerPlace } from './only-choice.js';

/** How the tokens of an answer become classes of the student. */
export interface TopOptions {
  /** k, the number of classes at each position. */
  readonly topK: number;
  /** How many tokens the server was asked for. */
  readonly logprobs: number;
  /** N, the number of the student's classes. */
  readonly vocabulary: number;
  readonly idOf: (token: string) => number | undefined;
}

/** The k most likely classes of a position. */
export interface Top {
  /** Largest first. */
  readonly classes: readonly number[];
  readonly logProbabilities: readonly number[];
  /** `log(1 - sum_S p)`, from `lowest` on. */
  readonly logRemaining: number;
}

/**
 * The k most likely classes among the tokens of a position.
 *
 * A server may add the token that is there, or that it has drawn, to the most likely ones. It is left out, so
 * that the same question has the same answer. What remains after the k classes belongs to all others: classes
 * that are not given, and tokens that are no class of the student.
 */
export function topOfEntries(
  place: AnswerPlace,
  entries: readonly Entry[],
  position: number,
  { topK, logprobs, vocabulary, idOf }: TopOptions,
): Top {
  const asked = [...entries].sort(byProbability).slice(0, logprobs);
  const byClass = new Map<number, number>();
  for (const { token, logprob } of asked) {
    const id = idOf(token);
    checkId(place, token, id);
    if (id !== undefined && id < vocabulary) byClass.set(id, logOfSum(byClass.get(id) ?? -Infinity, logprob));
  }
  const top = [...byClass].sort(([a, p], [b, q]) => q - p || a - b).slice(0, topK);
  if (top.length < topK) throw tooFew(place, position, topK, top.length, asked, vocabulary);
  const logs = top.map(([, log]) => log);
  return {
    classes: top.map(([id]) => id),
    logProbabilities: logs.map((log) => Math.min(log, 0)),
    logRemaining: logOfRest(place, position, logs),
  };
}

function byProbability(one: Entry, other: Entry): number {
  return other.logprob - one.logprob || (one.token < other.token ? -1 : 1);
}

function checkId({ where }: AnswerPlace, token: string, id: unknown): void {
  if (id === undefined || (Number.isSafeInteger(id) && (id as number) >= 0)) return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `what options.idOf gives for ${JSON.stringify(token)}`,
    expected: 'a whole number >= 0, or undefined',
    received: describeValue(id),
    remedy: 'Return undefined for a token that is no class of the student.',
  });
}

function tooFew(
  { where, answer }: AnswerPlace,
  position: number,
  topK: number,
  found: number,
  asked: readonly Entry[],
  vocabulary: number,
): KdError {
  const tokens = asked.slice(0, 8).map(({ token }) => JSON.stringify(token));
  return new KdError({
    code: 'KD_TOKEN_UNKNOWN',
    where,
    argument: `position ${String(position)} of ${answer}`,
    expected: `at least ${String(topK)} of the student's ${String(vocabulary)} classes`,
    received: `${String(found)} among the tokens ${tokens.join(', ')}${asked.length > tokens.length ? ', …' : ''}`,
    remedy:
      'Ask for more tokens with logprobs, lower topK, pass idOf, or let vLLM write ids: ' +
      'request: { return_tokens_as_token_ids: true }.',
  });
}
