import { describeValue, KdError } from '@kd/core';

/** A message of a chat, as the server takes it. */
export interface ChatMessage {
  readonly role: string;
  /** A text, or parts such as images. */
  readonly content: string | readonly object[];
}

/** What a chat model is asked: the text of a user, or all messages. */
export type ChatPrompt = string | readonly ChatMessage[];

/** The messages of a prompt. */
export function messagesOf(where: string, id: string, prompt: unknown): readonly ChatMessage[] {
  if (typeof prompt === 'string' && prompt !== '') return [{ role: 'user', content: prompt }];
  if (Array.isArray(prompt) && prompt.length > 0 && prompt.every(isMessage)) return prompt;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: `what options.prompt gives for ${JSON.stringify(id)}`,
    expected: 'a non-empty string, or a list of messages { role, content }',
    received: describeValue(prompt),
    remedy: 'Look the text of the example up by its id.',
  });
}

function isMessage(value: unknown): value is ChatMessage {
  const { role, content } = Object(value) as { readonly role?: unknown; readonly content?: unknown };
  return typeof role === 'string' && (typeof content === 'string' || Array.isArray(content));
}
