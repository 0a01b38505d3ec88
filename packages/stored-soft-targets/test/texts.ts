import type { Batch, Convention, Teacher } from '@kd/core';
import { softmax, tensor, tidy } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** The tokens of a text: one to seven of them. */
export function tokensOf(text: number): number[] {
  return Array.from({ length: 1 + ((text * 5) % 7) }, (_, at) => (text * 7 + at * 3) % 11);
}

/** Number `index` at a position, from the tokens up to there, as a language model computes it. */
export function numberAt(tokens: readonly number[], at: number, index: number, kind = 0): number {
  const sum = tokens.slice(0, at + 1).reduce((total, token, place) => total + (place + 1) * token, 0);
  return Math.fround(4 * Math.sin(sum + index * 1.7 + kind));
}

/** `size` numbers for each position of each text. */
export function numbersOf(texts: readonly number[], size: number, kind = 0): number[] {
  return texts.flatMap((text) =>
    tokensOf(text).flatMap((_, at) =>
      Array.from({ length: size }, (_, index) => numberAt(tokensOf(text), at, index, kind)),
    ),
  );
}

/** How a batch is padded. */
export interface Padding {
  /** Positions of each row; default: as many as the longest text has. */
  readonly length?: number;
  readonly token?: number;
}

/** Texts with ids and a mask. */
export function batchOfTexts(
  texts: readonly number[],
  { length = Math.max(...texts.map((text) => tokensOf(text).length)), token = 0 }: Padding = {},
): Batch & { readonly ids: string[]; readonly mask: Tensor } {
  const padded = (text: number, of: (token: number) => number, rest: number): number[] =>
    Array.from({ length }, (_, at) => {
      const own = tokensOf(text)[at];
      return own === undefined ? rest : of(own);
    });
  const shape: [number, number] = [texts.length, length];
  return {
    inputs: { tokens: tensor(texts.flatMap((text) => padded(text, (own) => own, token)), shape) },
    mask: tensor(texts.flatMap((text) => padded(text, () => 1, 0)), shape),
    ids: texts.map((text) => `text-${String(text)}`),
  }; // prettier-ignore
}

/** Batches of some size, each padded to its longest text. */
export function batchesOf(texts: readonly number[], size: number, padding: Padding = {}): Batch[] {
  const starts = Array.from({ length: Math.ceil(texts.length / size) }, (_, batch) => batch * size);
  return starts.map((at) => batchOfTexts(texts.slice(at, at + size), padding));
}

export interface TextTeacherOptions {
  readonly weights?: readonly number[];
  readonly convention?: Convention;
  readonly fingerprint?: string;
}

/** The number of classes of `textTeacher`. */
export const vocabulary = 5;

/**
 * A teacher of texts: logits `[B, L, 5]`, tags `[B, L]` as int32, one vector `[B, 2]` per text, and the tap
 * `hidden`, `[B, L, 2, 3]`. At positions that the mask leaves out its numbers are NaN.
 */
export function textTeacher({
  weights = [1],
  convention = 'logits',
  fingerprint = 'texts',
}: TextTeacherOptions = {}): Teacher {
  return {
    describe: ({ taps }) =>
      Promise.resolve({
        outputs: {
          output: { convention, shape: [null, null, vocabulary] },
          tags: { convention: 'values', shape: [null, null] },
          pooled: { convention: 'values', shape: [null, 2] },
        },
        taps: taps.map(() => ({ shape: [null, null, 2, 3] })),
        fingerprint,
        frozen: true,
      }),
    predict: async ({ inputs, mask }, { outputs, taps }) => {
      const [input] = Object.values(inputs) as [Tensor];
      const [rows = 0, length = 0] = input.shape;
      const [tokens, marks] = [Array.from(await input.data()), await mask?.data()];
      const valueOf = (size: number, kind: number): number[] =>
        tokens.flatMap((_, place) => {
          const [row, at] = [Math.floor(place / length), place % length];
          const own = tokens.slice(row * length, (row + 1) * length);
          return Array.from({ length: size }, (_, index) =>
            marks?.[place] === 0 ? NaN : numberAt(own, at, index, kind),
          );
        });
      const made = (member: number): Record<string, () => Tensor> => ({
        output: () => {
          const logits = tensor(valueOf(vocabulary, member), [rows, length, vocabulary]);
          return convention === 'probabilities' ? softmax(logits) : logits;
        },
        tags: () => tensor(valueOf(1, 9).map((value) => Math.round(value)), [rows, length], 'int32'),
        pooled: () =>
          tensor(tokens.filter((_, place) => place % length === 0).flatMap((token) => [token, -token]), [rows, 2]),
      }); // prettier-ignore
      return {
        members: weights.map((weight, member) => ({
          outputs: Object.fromEntries(
            outputs.map((name) => [name, tidy(made(member)[name] as () => Tensor)]),
          ),
          weight,
        })),
        taps: taps.map(() => tensor(valueOf(6, 20), [rows, length, 2, 3])),
      };
    },
  };
}
