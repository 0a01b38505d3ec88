import { KdError } from '@kd/core';

/** A vocabulary of characters. */
export interface Characters {
  /** Number of characters. */
  readonly size: number;
  /** @throws `KD_LABEL_RANGE` for a character that is not in the vocabulary */
  readonly encode: (text: string) => Int32Array;
  readonly decode: (tokens: ArrayLike<number>) => string;
}

/** The characters that occur in some texts, in the order of their code points. */
export function charactersOf(texts: readonly string[]): Characters {
  const all = [...new Set(texts.flatMap((text) => [...new Set(text)]))].sort();
  const ids = new Map(all.map((character, id) => [character, id]));
  return {
    size: all.length,
    encode: (text) =>
      Int32Array.from(Array.from(text, (character) => ids.get(character) ?? unknown(character))),
    decode: (tokens) => Array.from(tokens, (id) => all[id] ?? '').join(''),
  };
}

function unknown(character: string): never {
  throw new KdError({
    code: 'KD_LABEL_RANGE',
    where: 'encode',
    argument: 'text',
    expected: 'characters of the vocabulary',
    received: JSON.stringify(character),
    remedy: 'Make the vocabulary from all texts, or leave the character out.',
  });
}
