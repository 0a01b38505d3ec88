// Students of language models behind a server, which runs here.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sgd } from '@kd/optimizers';
import type { InMemoryData } from '@kd/data';
import { defineRecipe } from '@kd/recipe';
import { softTarget, softTargetFromTop } from '@kd/soft-target-loss';
import { storedTeacher, storeSoftTargets } from '@kd/stored-soft-targets/node';
import { chatTeacher, completionsTeacher } from '@kd/teacher/completions';
import { functionTeacher } from '@kd/teacher/function';
import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { train } from '@kd/trainer';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Teacher, Term } from '@kd/core';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { completionsServer, probabilitiesAfter, vocabulary, words } from './completions-server.js';

await useBackend('cpu');

const server = await completionsServer();
afterAll(server.close);
beforeEach(() => {
  server.requests.length = 0;
});
const options = { url: server.url, model: 'tiny', fingerprint: 'v1' };

const [length, examples] = [4, 6];
const tokens = Int32Array.from({ length: examples * length }, (_, at) => (at * at) % vocabulary);
const ids = Array.from({ length: examples }, (_, row) => `text-${String(row)}`);
const data: InMemoryData = {
  inputs: { tokens: { values: tokens, shape: [examples, length] } },
  ids,
  // The last position of every second text is padding.
  mask: { values: Float32Array.from(tokens, (_, at) => (at % 8 === 7 ? 0 : 1)), shape: [examples, length] },
};

/** A student that sees one token at a time. */
function student(): LayersModel {
  const embeddingsInitializer = initializers.randomNormal({ seed: 2, stddev: 1 });
  const table = layers.embedding({ inputDim: vocabulary, outputDim: vocabulary, inputLength: length, embeddingsInitializer }); // prettier-ignore
  return sequential({ layers: [table] });
}

/** The losses of the epochs. */
async function lossesOf(term: Term, teacher: Teacher, epochs = 3): Promise<number[]> {
  const recipe = defineRecipe({
    student: { model: student(), convention: 'logits' },
    teacher,
    terms: [term],
  });
  const { history } = await train(recipe, { data, epochs, batchSize: 4, optimizer: () => sgd({ learningRate: 0.5 }), seed: 1 }); // prettier-ignore
  return history.map(({ total }) => total);
}

/** The model itself, whose whole distributions are known here. */
const known = functionTeacher(
  async ({ inputs }) => {
    const rows = (await inputs['tokens']?.array()) as number[][];
    return rows.map((row) => row.map((_, at) => probabilitiesAfter(row.slice(0, at + 1))));
  },
  { convention: 'probabilities', shape: [null, length, vocabulary], fingerprint: 'v1' },
);

describe('a student of completionsTeacher', () => {
  it('learns as from the model itself, if one class is left', async () => {
    const teacher = completionsTeacher({ ...options, topK: vocabulary - 1, vocabulary });
    const losses = await lossesOf(softTargetFromTop(), teacher);
    expectClose(losses, await lossesOf(softTarget({ temperature: 1 }), known), { relative: 1e-5, absolute: 1e-7 }); // prettier-ignore
    // Once for each text, though there are three epochs.
    expect(server.requests.length).toBe(examples);
  });

  it('learns from two of six classes', async () => {
    const teacher = completionsTeacher({ ...options, topK: 2, vocabulary });
    const losses = await lossesOf(softTargetFromTop(), teacher, 12);
    expect(losses.at(-1)).toBeLessThan(0.6 * (losses[0] ?? NaN));
  });

  it('learns from the k most likely of its classes, and gives the tokens of none to the others', async () => {
    // Tokens 4 and 5 are no classes of this student, which begins with equal probabilities.
    const [classes, topK] = [4, 2];
    const table = layers.embedding({ inputDim: classes, outputDim: classes, inputLength: 2, embeddingsInitializer: 'zeros' }); // prettier-ignore
    const model = sequential({ layers: [table] });
    const teacher = completionsTeacher({ ...options, topK, vocabulary: classes, logprobs: vocabulary });
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, teacher, terms: [softTargetFromTop()] }); // prettier-ignore
    const text = [3, 1];
    const { history } = await train(recipe, {
      data: { inputs: { tokens: { values: Int32Array.from(text), shape: [1, 2] } }, ids: ['a'] },
      epochs: 1,
      optimizer: () => sgd({ learningRate: 1 }),
    });
    const losses = text.map((_, at) => {
      const p = probabilitiesAfter(text.slice(0, at + 1)).slice(0, classes);
      const top = p.sort((a, b) => b - a).slice(0, topK);
      const rest = top.reduce((left, one) => left - one, 1);
      const terms = top.map((one) => one * Math.log(one * classes));
      return terms.reduce((a, b) => a + b, rest * Math.log(rest / (1 - topK / classes)));
    });
    expect(history[0]?.total).toBeCloseTo(((losses[0] ?? 0) + (losses[1] ?? 0)) / 2, 5);
  });

  it('learns the same from what has been stored, which is not asked again', async () => {
    const out = await mkdtemp(join(tmpdir(), 'kd-'));
    try {
      const teacher = completionsTeacher({ ...options, topK: 2, vocabulary });
      const live = await lossesOf(softTargetFromTop(), teacher);
      teacher.dispose?.();
      server.requests.length = 0;
      await storeSoftTargets({ teacher, data, out, batchSize: 2, rowsPerFile: 2 });
      expect(server.requests.length).toBe(examples);
      expect(await lossesOf(softTargetFromTop(), await storedTeacher(out))).toEqual(live);
      expect(server.requests.length).toBe(examples);
    } finally {
      await rm(out, { recursive: true });
    }
  });

  it('keeps what is stored when a budget ends the storing, and goes on with another', async () => {
    const out = await mkdtemp(join(tmpdir(), 'kd-'));
    const store = (maxRequests: number) => {
      const teacher = completionsTeacher({ ...options, topK: 2, vocabulary, maxRequests });
      return storeSoftTargets({ teacher, data, out, batchSize: 2, rowsPerFile: 2 });
    };
    try {
      await expectKdError(() => store(4), 'KD_BUDGET_SPENT', 'options.maxRequests');
      expect(await store(2)).toMatchObject({ count: examples, added: 2 });
      expect(server.requests.length).toBe(examples);
    } finally {
      await rm(out, { recursive: true });
    }
  });
});

describe('a student of chatTeacher', () => {
  it('learns what the model says about the labels', async () => {
    const prompt = (id: string): string => `Is ${id} good or bad?`;
    const teacher = chatTeacher({ ...options, prompt, classes: ['bad', 'good'] });
    const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [1], kernelInitializer: 'zeros' })] }); // prettier-ignore
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, teacher, terms: [softTarget({ temperature: 1 })] }); // prettier-ignore
    await train(recipe, {
      data: { inputs: { x: { values: new Float32Array(examples), shape: [examples, 1] } }, ids },
      epochs: 60,
      batchSize: examples,
      optimizer: () => sgd({ learningRate: 2 }),
      seed: 1,
    });
    const bias = Array.from((await model.getWeights()[1]?.data()) ?? []);
    // log(p_good / p_bad)
    expect((bias[1] ?? 0) - (bias[0] ?? 0)).toBeCloseTo(Math.log((words['good'] ?? 0) / (words['bad'] ?? 1)), 3); // prettier-ignore
    expect(server.requests.length).toBe(examples);
  });
});
