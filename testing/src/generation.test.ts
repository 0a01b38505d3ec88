// Generation with a transformer: what attention keeps stands for the whole sequence.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { LearnedPositions, transformerBlock } from '@kd/attention';
import { generate } from '@kd/sequences';
import { backends, useBackend } from '@kd/testing';
import { initializers, input, layers, model as functional } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

function languageModel(): LayersModel {
  const tokens = input({ shape: [null], dtype: 'int32' });
  const drawn = (seed: number) => initializers.randomNormal({ seed, stddev: 1 });
  const embedding = layers.embedding({ inputDim: 11, outputDim: 8, embeddingsInitializer: drawn(1) });
  const placed = new LearnedPositions({ maxLength: 12, seed: 2 }).apply(embedding.apply(tokens));
  const block = { name: 'block', heads: 2, causal: true, rotary: true, seed: 3 };
  const logits = layers.dense({ units: 11, kernelInitializer: drawn(4) });
  const outputs = logits.apply(transformerBlock(placed as SymbolicTensor, block)) as SymbolicTensor;
  return functional({ inputs: tokens, outputs });
}

const prompts = [[3, 1, 4], [1, 5, 9]]; // prettier-ignore

describe.each(backends)('generate with a transformer on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([{ topK: 1 }, { temperature: 0.7, topP: 0.9 }])('draws the same with and without cache: %j', async (how) => {
    const model = languageModel();
    const options = { ...how, maxTokens: 9, seed: 5 };
    const tokens = await generate(model, prompts, options);
    expect(tokens.map(({ length }) => length)).toEqual([9, 9]);
    expect(await generate(model, prompts, { ...options, cache: false })).toEqual(tokens);
  });
}); // prettier-ignore
