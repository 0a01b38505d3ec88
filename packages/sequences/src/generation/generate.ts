import type { LayersModel } from '@tensorflow/tfjs-layers';
import { abortSignal, boolean, fn, KdError, list, oneOf, optionsOf, subSeed, whole } from '@kd/core';
import type { FieldsOf, Options } from '@kd/core';
import { modelOutputs } from '@kd/model';
import { generatorWithMemory, generatorWithoutMemory } from './last-logits.js';
import { drawToken, samplingOptions } from './sampling.js';
import type { SamplingOptions } from './sampling.js';

/** What a model puts out, and how it is run and sampled. */
export interface LanguageModelOptions extends SamplingOptions {
  /** Whether the outputs of the model are logits, the default, or probabilities. */
  readonly convention?: 'logits' | 'probabilities';
  /**
   * Whether each token costs a run on the last token alone, with what attention has kept of the others;
   * default true. With false each runs the whole sequence, which every model can.
   */
  readonly cache?: boolean;
}

/** Options of `generate`. */
export interface GenerateOptions extends LanguageModelOptions {
  /** How many tokens to add to each prompt, a whole number >= 1. */
  readonly maxTokens: number;
  /** Tokens that end a sequence, which includes the token; default: none. */
  readonly stop?: readonly number[];
  /** Seed of the draws, a whole number >= 0. The same seed, model and prompts give the same tokens. */
  readonly seed: number;
  /** Called with each new token, and the number of its prompt. */
  readonly onToken?: (token: number, prompt: number) => void;
  /** Ends the generation before the next token. */
  readonly signal?: AbortSignal;
}

export const languageModelOptions: Options<
  LanguageModelOptions,
  FieldsOf<LanguageModelOptions, 'temperature' | 'topP' | 'convention' | 'cache'>
> = optionsOf<LanguageModelOptions>()({
  ...samplingOptions.fields,
  convention: oneOf('logits', 'probabilities').default('logits'),
  cache: boolean.default(true),
});

const generateOptions = optionsOf<GenerateOptions>()({
  ...languageModelOptions.fields,
  maxTokens: whole(1),
  stop: list(whole(0)).default([]),
  seed: whole(0),
  onToken: fn<NonNullable<GenerateOptions['onToken']>>().optional(),
  signal: abortSignal.optional(),
});

/**
 * Continues sequences of tokens with what a language model finds likely.
 *
 * Each token is drawn from `softmax(z / T)`, the model's distribution after the tokens before it, cut to the
 * k most likely tokens and to those that have probability p in all. The draws of a prompt do not depend on
 * the others.
 *
 * @param model a model with one input, tokens `[B, L]`, and logits or probabilities `[B, L, V]`, each for the
 *   token after its position
 * @param prompts the tokens to begin with, equally many in each prompt and at least one
 * @param options number of tokens, seed, sampling, tokens to stop at, convention, cache, listener, signal
 * @returns the new tokens of each prompt, without the prompt
 * @throws `KD_OPTION_RANGE`, `KD_OPTION_TYPE`, `KD_OPTION_UNKNOWN`; `KD_MODEL_CONVENTION` if the last
 *   activation contradicts the convention; `KD_MODEL_UNSUPPORTED` for other models and, with the cache, for
 *   layers that cannot go on where they stopped; `KD_LOGITS_NOT_FINITE` if the model says NaN; the reason of
 *   `signal`
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { generate } from '@kd/sequences';
 * import { tensor2d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * // A model that finds token i + 1 likely after token i.
 * const after = layers.embedding({ inputDim: 4, outputDim: 4, inputShape: [null], trainable: false });
 * const model = sequential({ layers: [after] });
 * after.setWeights([tensor2d([[0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 0, 9], [9, 0, 0, 0]])]);
 * console.log(await generate(model, [[0], [2]], { maxTokens: 5, topK: 1, seed: 1 }));
 * // [ [ 1, 2, 3, 0, 1 ], [ 3, 0, 1, 2, 3 ] ]
 * ```
 */
export async function generate(
  model: LayersModel,
  prompts: readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<number[][]> {
  const where = 'generate';
  const { maxTokens, stop, seed, convention, cache, onToken, signal, ...sampling } = generateOptions.read(
    where,
    options,
  );
  modelOutputs(where, 'model', model, convention);
  checkPrompts(where, prompts);
  const generator = (cache ? generatorWithMemory : generatorWithoutMemory)(where, { model, convention });
  const added: number[][] = prompts.map(() => []);
  const hasEnded = (row: number): boolean => stop.includes(added[row]?.at(-1) ?? -1);
  try {
    let tokens = prompts;
    for (let place = 0; place < maxTokens && added.some((_, row) => !hasEnded(row)); place++) {
      signal?.throwIfAborted();
      const logits = await generator.next(tokens);
      // A sequence that has ended goes on unheard until the others have.
      const drawn = logits.map((row, prompt) =>
        drawToken(row, sampling, subSeed(seed, prompt, place) * 2 ** -31),
      );
      for (const [row, token] of drawn.entries()) {
        if (hasEnded(row)) continue;
        added[row]?.push(token);
        onToken?.(token, row);
      }
      tokens = drawn.map((token) => [token]);
    }
    return added;
  } finally {
    generator.dispose();
  }
}

const tokens = list(list(whole(0)));

function checkPrompts(where: string, prompts: readonly (readonly number[])[]): void {
  const [first] = tokens.read({ where, argument: 'prompts' }, prompts);
  const other = prompts.findIndex(({ length }) => length !== first?.length);
  if (first !== undefined && first.length > 0 && other === -1) return;
  const lengths = prompts.map(({ length }) => length);
  throw new KdError({
    code: 'KD_OPTION_RANGE',
    where,
    argument: 'prompts',
    expected: 'at least one prompt, all of them with equally many tokens, at least one',
    received: prompts.length === 0 ? 'none' : `${[...new Set(lengths)].join(' and ')} tokens`,
    remedy: 'Continue prompts of different lengths in several calls.',
  });
}
