import { describeValue, KdError } from '@kd/core';

/** Where an answer is checked. */
export interface AnswerPlace {
  readonly where: string;
  /** What messages call the answer: `the answer for "text-7"`. */
  readonly answer: string;
}

/** The log-probabilities of the only choice in an answer. */
export function logprobsOfChoice({ where, answer }: AnswerPlace, body: unknown): unknown {
  const { choices } = Object(body) as { readonly choices?: unknown };
  if (Array.isArray(choices) && choices.length === 1)
    return (Object(choices[0]) as { readonly logprobs?: unknown }).logprobs;
  throw new KdError({
    code: 'KD_SERVER_ANSWER',
    where,
    argument: answer,
    expected: 'an object with one entry in "choices"',
    received: Array.isArray(choices) ? `${String(choices.length)} choices` : describeValue(body),
    remedy: "Check that the address leads to a server that speaks OpenAI's protocol.",
  });
}
