// Transformers in steps of one call, compared with eager ones, to the bit.
import { stepFunctions } from '@kd/core';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { crossModel, languageModel, length, steppingData } from './small-transformers.js';
import { expectSame } from './both-ways.js';
import { examples, numbersOf } from './small.js';
import { trainSame } from './train-same.js';
import type { Training } from './train-same.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

const causal =
  (changes = {}) =>
  (): Training => ({
    model: languageModel(changes),
    data: steppingData(examples),
  });

/** One sequence attends to another, with padding of another length in each example. */
function cross(): Training {
  const { labels } = steppingData(examples);
  const ids = { values: numbersOf([length]).map((x) => Math.floor(3 + 2 * x)), shape: [examples, length] };
  const other = { values: numbersOf([5, 6]), shape: [examples, 5, 6] };
  const kept = Float32Array.from({ length: examples * 5 }, (_, at) =>
    Number(at % 5 < 1 + (Math.floor(at / 5) % 5)),
  );
  const inputs = { ids, other, kept: { values: kept, shape: [examples, 5] } };
  return { model: crossModel(), data: { inputs, labels: labels ?? Int32Array.of() } };
}

describe.skipIf(!isInstalled)('a step in one call', () => {
  beforeAll(async () => {
    await setBackend('tensorflow');
  });

  it.each([
    ['a causal transformer', causal()],
    ['one with rotary positions that normalises last, with relu', causal({ rotary: true, normFirst: false, activation: 'relu' })], // prettier-ignore
    ['one with dropout', causal({ dropout: 0.2 })],
    ['attention to another sequence with padding', cross],
  ])('has the bits of the eager one with %s', async (_, make) => {
    expectSame(await trainSame(make));
  });
});
