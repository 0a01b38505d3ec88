import { add, cumsum, slice, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';
import type { ContinuableLayer, NextValues, SeenPositions } from '@kd/core';
import { backends, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { generate } from './generate.js';

/** The sum of all positions so far. */
class Counts extends layers.Layer implements ContinuableLayer {
  static readonly className: string = 'Counts';
  override computeOutputShape<Shape>(shape: Shape): Shape {
    return shape;
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    return cumsum([inputs].flat()[0] as Tensor, 1);
  }
  next([x]: readonly Tensor[], { kept: [before] }: SeenPositions): NextValues {
    const own = cumsum(x as Tensor, 1);
    const value = before === undefined ? own : add(own, before);
    const [batch = 0, length = 0, width = 0] = value.shape;
    return { value, kept: [slice(value, [0, length - 1, 0], [batch, 1, width])] };
  }
}

/** Finds a token the less likely, the more often it has been. */
function rarest(activation: 'linear' | 'softmax' = 'linear'): Sequential {
  const oneHot = layers.embedding({
    inputDim: 3,
    outputDim: 3,
    embeddingsInitializer: 'identity',
    inputShape: [null],
  });
  const turned = layers.dense({ units: 3, useBias: false, activation });
  const model = sequential({ layers: [oneHot, new Counts({}), turned] });
  turned.setWeights([tensor2d([[-2, 0, 0], [0, -2, 0], [0, 0, -2]])]); // prettier-ignore
  return model;
}

const greedy = { maxTokens: 4, topK: 1, seed: 1 };

describe.each(backends)('generate on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([true, false])('continues each prompt, with cache: %s', async (cache) => {
    const tokens = await generate(rarest(), [[0, 0, 2], [2, 1, 1]], { ...greedy, cache }); // prettier-ignore
    // Each time the rarest token so far, the first of equally rare ones.
    expect(tokens).toEqual([[1, 1, 2, 0], [0, 0, 2, 0]]); // prettier-ignore
  });
});

describe('generate', () => {
  beforeAll(() => useBackend('cpu'));

  it('draws alike with and without cache, from logits and from probabilities', async () => {
    const options = { maxTokens: 20, temperature: 3, seed: 7 };
    const prompts = [[0], [1], [1]];
    const tokens = await generate(rarest(), prompts, options);
    expect(await generate(rarest(), prompts, { ...options, cache: false })).toEqual(tokens);
    expect(await generate(rarest('softmax'), prompts, { ...options, convention: 'probabilities' })).toEqual(
      tokens,
    );
    // A prompt draws the same whatever is generated beside it, and other tokens than an equal prompt.
    expect(await generate(rarest(), prompts.slice(0, 2), options)).toEqual(tokens.slice(0, 2));
    expect(tokens[1]).not.toEqual(tokens[2]);
    expect(await generate(rarest(), prompts, { ...options, seed: 8 })).not.toEqual(tokens);
  });

  it('ends a sequence at a stop token, and early if all have ended', async () => {
    const heard: [number, number][] = [];
    const onToken = (token: number, prompt: number): void => void heard.push([token, prompt]);
    const prompts = [[0, 0, 2], [2, 1, 1]]; // prettier-ignore
    const tokens = await generate(rarest(), prompts, { ...greedy, maxTokens: 9, stop: [2, 0], onToken });
    expect(tokens).toEqual([[1, 1, 2], [0]]);
    expect(heard).toEqual([[1, 0], [0, 1], [1, 0], [2, 0]]); // prettier-ignore
  });

  it('leaves no tensors behind, also if it is aborted', async () => {
    const model = rarest();
    const abort = new AbortController();
    const onToken = (): void => {
      abort.abort(new Error('enough'));
    };
    await expectNoLeak(async () => {
      await generate(model, [[0]], greedy);
      await generate(model, [[0]], { ...greedy, cache: false });
      await expect(generate(model, [[0]], { ...greedy, onToken, signal: abort.signal })).rejects.toThrow(
        'enough',
      );
    });
  });

  it.each<[string, readonly unknown[], string, ...string[]]>([
    ['no prompts', [[]], 'KD_OPTION_RANGE', 'prompts'],
    ['an empty prompt', [[[]]], 'KD_OPTION_RANGE', 'prompts'],
    ['prompts of several lengths', [[[1], [1, 2]]], 'KD_OPTION_RANGE', 'prompts', '1 and 2 tokens'],
    ['a token that is no number', [[['a']]], 'KD_OPTION_TYPE', 'prompts[0][0]'],
    ['a fraction', [[[0.5]]], 'KD_OPTION_RANGE', 'prompts[0][0]'],
    ['T = 0', [[[1]], { ...greedy, temperature: 0 }], 'KD_OPTION_RANGE', 'options.temperature'],
    ['topP = 0', [[[1]], { ...greedy, topP: 0 }], 'KD_OPTION_RANGE', 'options.topP'],
    ['topK = 0', [[[1]], { ...greedy, topK: 0 }], 'KD_OPTION_RANGE', 'options.topK'],
    ['no seed', [[[1]], { maxTokens: 3 }], 'KD_OPTION_TYPE', 'options.seed'],
  ])('refuses %s', async (_, [prompts, options = greedy], code, ...facts) => {
    await expectKdError(() => generate(rarest(), prompts as never, options as never), code, ...facts);
  });

  it('refuses probabilities that are called logits', async () => {
    await expectKdError(() => generate(rarest('softmax'), [[1]], greedy), 'KD_MODEL_CONVENTION', 'softmax');
  });

  it.each([NaN, Infinity])('refuses logits of %d', async (bad) => {
    const model = rarest();
    model.layers.at(-1)?.setWeights([tensor2d([[bad, 0, 0], [0, 1, 0], [0, 0, 1]])]); // prettier-ignore
    for (const cache of [true, false])
      await expectNoLeak(async () => {
        const body = (): unknown => generate(model, [[1], [0]], { ...greedy, cache });
        await expectKdError(body, 'KD_LOGITS_NOT_FINITE', 'prompt', String(bad));
      });
  });

  it('refuses a model without an output for each position', async () => {
    const pooled = sequential({ layers: [rarest(), layers.globalAveragePooling1d()] });
    await expectKdError(
      () => generate(pooled, [[1]], { ...greedy, cache: false }),
      'KD_MODEL_UNSUPPORTED',
      '[1,3]',
    );
    await expectKdError(
      () => generate(pooled, [[1]], greedy),
      'KD_MODEL_UNSUPPORTED',
      'GlobalAveragePooling1D',
    );
  });
});
