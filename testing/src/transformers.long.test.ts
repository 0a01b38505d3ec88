// Transformers of @kd/attention, trained by @kd/trainer.
import { registerTrainingKernels } from '@kd/backend';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import { beforeAll, describe, expect, it } from 'vitest';
import { backends, useBackend } from './backends.js';
import { languageModel, steppingData, vocabulary } from './compiled/small-transformers.js';

describe.each(backends)('on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend);
    // Stock wasm has no gradient of an embedding.
    registerTrainingKernels();
  });

  it.each([
    ['that normalises first', {}],
    ['that normalises last, with rotary positions', { normFirst: false, rotary: true }],
  ])('a causal language model %s learns what follows from two tokens', async (_, changes) => {
    const student = { model: languageModel(changes), convention: 'logits' } as const;
    const { history } = await train(defineRecipe({ student, terms: [hardTarget()] }), {
      data: steppingData(9),
      epochs: 20,
      batchSize: 9,
      optimizer: () => adam({ learningRate: 0.02 }),
      seed: 1,
    });
    const losses = history.map(({ total }) => total);
    expect(losses[0]).toBeGreaterThan(0.8 * Math.log(vocabulary));
    expect(losses.at(-1)).toBeLessThan(0.2);
  });
});
