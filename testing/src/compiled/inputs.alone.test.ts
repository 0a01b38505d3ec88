// Batches of unusual tensors in steps of one call, compared with eager ones, to the bit.
import { defineModule, defineTerm, stepFunctions } from '@kd/core';
import type { Batch } from '@kd/core';
import { valueTarget } from '@kd/regression-loss';
import { hardTarget } from '@kd/soft-target-loss';
import { hasTensorflow } from '@kd/testing/tensorflow';
import {
  abs,
  add,
  mean,
  mul,
  ones,
  setBackend,
  squaredDifference,
  sub,
  tensor,
  tensor1d,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSame } from './both-ways.js';
import { denseNet, numbersOf, withWeights } from './small.js';
import { trainSame } from './train-same.js';
import type { Training } from './train-same.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

const xOf = (step: number): Tensor => tensor(numbersOf([4], step, 3), [3, 4]);
const labels = (): Tensor => tensor1d([0, 1, 2], 'int32');

/** A stream of ten batches, the same in each pass. */
const stream = (batch: (step: number) => Batch): Training =>
  ({
    data: function* () {
      for (let step = 0; step < 10; step++) yield batch(step);
    },
    batchSize: undefined,
    epochs: 2,
  }) as unknown as Training;

/** A net that learns to return its input, which is noisy in later batches. */
function denoising(): Training {
  const dense = layers.dense({ units: 4, inputShape: [4] });
  const model = withWeights(sequential({ layers: [dense] }));
  return {
    ...stream((step) => {
      const x = xOf(step);
      const noisy = step < 4 ? x.clone() : tidy(() => add(x, xOf(20)));
      return { inputs: { x: noisy }, targets: { x } };
    }),
    model,
    recipe: { student: { model, convention: 'values' }, terms: [valueTarget({ target: 'x' })] },
  };
}

/** Two variables that begin as one tensor; later only the second one changes. */
function twins(): Training {
  const module = defineModule({
    name: 'twins',
    reads: {},
    build: () => {
      const start = tensor1d([0.1, 0.2, 0.3]);
      return { first: variable(start, false), second: variable(start, false) };
    },
  });
  let steps = 0;
  const term = defineTerm({
    name: 'twins',
    reads: { student: { logits: { as: 'logits' } } },
    modules: { module },
    loss: ({ student: { logits }, modules }) => {
      const { first, second } = modules.module;
      return { values: mean(add(squaredDifference(logits, first), abs(sub(logits, second))), -1), carry: {} };
    },
    afterStep: ({ modules }) => {
      const { second } = modules.module;
      if (++steps > 5) second.assign(mul(second, 1.1));
    },
  });
  return {
    ...stream((step) => ({ inputs: { x: xOf(step) }, targets: { labels: labels() } })),
    recipe: { terms: [hardTarget(), term] },
  };
}

const cases: Readonly<Record<string, () => Training>> = {
  'an input that is also the target, at first': denoising,
  'weights that are also labelled, at first': () =>
    stream((step) => {
      const labelled = tensor1d([1, 0, 1]);
      const sampleWeight = step < 4 ? labelled.clone() : tensor1d([0, 2, 0.5]);
      return { inputs: { x: xOf(step) }, targets: { labels: labels() }, labelled, sampleWeight };
    }),
  'variables that share their numbers, at first': twins,
  'layers that begin with the same weights': () => {
    const [one, other] = [0, 1].map(() => layers.dense({ units: 4, inputShape: [4] }));
    const model = withWeights(
      sequential({ layers: [one, other, layers.dense({ units: 3 })].flatMap((x) => x ?? []) }),
    );
    other?.setWeights(one?.getWeights() ?? []);
    return { ...stream((step) => ({ inputs: { x: xOf(step) }, targets: { labels: labels() } })), model };
  },
  'weights that come and go': () =>
    stream((step) => ({
      inputs: { x: xOf(step) },
      targets: { labels: labels() },
      ...(step % 3 === 1 ? { sampleWeight: tensor1d([1, 3, step]) } : {}),
    })),
  'integers in place of numbers, sometimes': () =>
    stream((step) => ({
      inputs: { x: xOf(step) },
      targets: { labels: step % 4 === 0 ? tensor1d([0, 1, 2], 'float32') : labels() },
    })),
  'an input that nothing reads': () =>
    stream((step) => ({ inputs: { dense_input: xOf(step), hidden_input: xOf(step), other: ones([3, step + 1]) }, targets: { labels: labels() } })), // prettier-ignore
};

describe.skipIf(!isInstalled)('steps of one call', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each(Object.entries(cases))('have the bits of eager ones with %s', async (_, make) => {
    const both = await trainSame(make);
    expect(both.eager.result).toHaveProperty('failure', undefined);
    expectSame(both);
  });

  it('have the bits of eager ones with tensors of another backend', async () => {
    const both = await trainSame(async () => {
      await setBackend('cpu');
      const model = denseNet();
      const batches = Array.from({ length: 10 }, (_, step) => xOf(step));
      await setBackend('tensorflow');
      return {
        ...stream((step) => ({
          inputs: { x: batches[step]?.clone() as Tensor },
          targets: { labels: labels() },
        })),
        model,
        recipe: { terms: [hardTarget()] },
      };
    });
    expect(both.eager.result).toHaveProperty('failure', undefined);
    expectSame(both);
  });
});
