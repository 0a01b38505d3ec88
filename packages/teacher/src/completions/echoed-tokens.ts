import { KdError } from '@kd/core';
import type { AnswerPlace } from './only-choice.js';

/** The id in `token_id:123`, as vLLM writes a token with `return_tokens_as_token_ids`. */
export function idOfPlaceholder(token: string): number | undefined {
  const [, id] = /^token_id:(\d+)$/.exec(token) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Throws unless there are so many tokens. */
export function checkCount(
  { where, answer }: AnswerPlace,
  field: string,
  [expected, why]: readonly [number, string],
  received: number,
): void {
  if (expected === received) return;
  throw new KdError({
    code: 'KD_TOKENS_DIFFER',
    where,
    argument: `the number of tokens in ${field} of ${answer}`,
    expected: `${String(expected)}, ${why}`,
    received: String(received),
    remedy:
      'A server that ignores echo gives 1, one that adds a start token gives one more, and one that leaves ' +
      'out its end token one less. Pass what its documentation offers against that as request.',
  });
}

/** Throws for a token that was given back as another id than was sent. */
export function checkSame(
  { where, answer }: AnswerPlace,
  tokens: readonly unknown[],
  sent: ArrayLike<number>,
): void {
  for (let position = 0; position < sent.length; position++) {
    const token = tokens[position];
    const id = typeof token === 'string' ? idOfPlaceholder(token) : undefined;
    if (id === undefined || id === sent[position]) continue;
    throw new KdError({
      code: 'KD_TOKENS_DIFFER',
      where,
      argument: `token ${String(position)} of ${answer}`,
      expected: `${String(sent[position])}, which was sent`,
      received: String(id),
      remedy: 'Check what stands between here and the server.',
    });
  }
}
