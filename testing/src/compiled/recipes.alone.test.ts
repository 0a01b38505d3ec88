// Data, schedules, regularisers and other settings in steps of one call, compared with eager ones.
import { defineModule, defineTerm, stepFunctions } from '@kd/core';
import type { Term } from '@kd/core';
import { adam, sgd } from '@kd/optimizers';
import { valueTarget } from '@kd/regression-loss';
import { linear } from '@kd/schedule';
import { accuracy, hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { hasTensorflow } from '@kd/testing/tensorflow';
import {
  add,
  expandDims,
  gather,
  mean,
  setBackend,
  squaredDifference,
  tensorScatterUpdate,
  train as optimizers,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { constraints, input, layers, model as modelOf, regularizers } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSame } from './both-ways.js';
import { classes, dataOf, denseNet, examples, numbersOf, withWeights } from './small.js';
import { trainSame } from './train-same.js';
import type { Training } from './train-same.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;

const some = Float32Array.from({ length: examples }, (_, row) => Number(row % 3 !== 1));
const teacher = () => layersTeacher(denseNet([], {}, 5), { convention: 'logits' });
const normalized = (): LayersModel => denseNet([layers.batchNormalization({ name: 'norm' })]);
const decay = linear({ from: 1, to: 0.1, steps: 10 });

/** Sequences `[B, 5, 4]` with a class and a mask for each position. */
function onSequences(): Training {
  const length = 5;
  const hidden = layers.dense({ units: 4, activation: 'tanh', inputShape: [length, 4] });
  const inner = input({ shape: [length, 4] });
  const outputs = layers.dense({ units: classes }).apply(hidden.apply(inner)) as SymbolicTensor;
  const count = examples * length;
  return {
    model: withWeights(modelOf({ inputs: inner, outputs })),
    data: {
      inputs: { values: numbersOf([length, 4]), shape: [examples, length, 4] },
      labels: { values: Int32Array.from({ length: count }, (_, at) => at % classes), shape: [examples, length] }, // prettier-ignore
      mask: { values: Float32Array.from({ length: count }, (_, at) => Number(at % 4 > 0)), shape: [examples, length] }, // prettier-ignore
    },
  };
}

/** A trunk with a class and two values as outputs. */
function withTwoOutputs(): Training {
  const inputs = input({ shape: [4] });
  const trunk = layers.dense({ units: 5, activation: 'tanh' }).apply(inputs) as SymbolicTensor;
  const kinds = layers.dense({ name: 'kind', units: classes }).apply(trunk) as SymbolicTensor;
  const boxes = layers.dense({ name: 'box', units: 2 }).apply(trunk) as SymbolicTensor;
  const model = withWeights(modelOf({ inputs, outputs: [kinds, boxes] }));
  const terms = [hardTarget({ output: 'kind' }), valueTarget({ output: 'box', weight: 0.5 }), accuracy({ output: 'kind' })]; // prettier-ignore
  const { inputs: given, labels } = dataOf();
  return {
    model,
    recipe: { student: { model, convention: { kind: 'logits', box: 'values' } }, terms },
    data: {
      inputs: given,
      targets: { kind: labels as Int32Array, box: { values: numbersOf([2], 5), shape: [examples, 2] } },
    },
  };
}

/** Pulls the logits to what they were when the example was seen last, and a learnt shift of it. */
function bank(): Term {
  const memory = defineModule({
    name: 'memory',
    reads: { rows: true },
    build: ({ datasetSize }) => ({
      values: variable(zeros([datasetSize, classes]), false),
      shift: variable(zeros([classes])),
      norm: layers.batchNormalization({ inputShape: [classes], name: 'norm' }),
      unused: zeros([1]),
    }),
  });
  const built = (): typeof memory => ({
    ...memory,
    build: (infos) => {
      const parts = memory.build(infos);
      parts.norm.build([null, classes]);
      return parts;
    },
  });
  return defineTerm({
    name: 'bank',
    reads: { student: { logits: { as: 'logits' } }, rows: true },
    modules: { memory: built() },
    loss: ({ student: { logits }, rows, modules }) => {
      const { values, shift, norm } = modules.memory;
      const wanted = add(gather(values, rows), shift);
      return {
        values: mean(squaredDifference(norm(logits), wanted), -1),
        carry: { rows, logits },
      };
    },
    afterStep: ({ modules, carry }) => {
      const { values } = modules.memory;
      values.assign(tensorScatterUpdate(add(values, 0), expandDims(carry.rows, 1), carry.logits));
    },
  });
}

const cases: Readonly<Record<string, () => Training>> = {
  'sample weights, some of them 0': () => ({ data: { ...dataOf(), sampleWeight: numbersOf([1]).map((x) => (x > 0 ? x : 0)) } }), // prettier-ignore
  'examples without a label': () => ({
    data: { ...dataOf(), labelled: some },
    recipe: { teacher: teacher(), terms: [hardTarget(), softTarget({ temperature: 2 })] },
  }),
  'masked sequences': onSequences,
  'two outputs': withTwoOutputs,
  'rows, a module with normalisation, and afterStep': () => ({ recipe: { terms: [hardTarget(), bank()] } }),
  'regularisers': () => ({ model: denseNet([], { kernelRegularizer: regularizers.l1l2({ l1: 0.01, l2: 0.1 }) }) }), // prettier-ignore
  'constraints': () => ({ model: denseNet([], { kernelConstraint: constraints.maxNorm({ maxValue: 0.5 }) }) }), // prettier-ignore
  'batch normalisation': () => ({ model: normalized() }),
  'learning rate multipliers 0 and 0.1': () => ({ model: normalized(), learningRateMultipliers: { hidden: 0, norm: 0.1 } }), // prettier-ignore
  'some layers alone': () => ({ model: normalized(), trainable: ['logits'] }),
  'no layer, but a module': () => ({ model: normalized(), trainable: [], recipe: { terms: [bank()] } }),
  'clipNorm and maxNorm': () => ({ optimizer: () => adam({ learningRate: 0.05, clipNorm: 0.1, maxNorm: 0.6 }) }), // prettier-ignore
  schedules: () => ({
    recipe: { teacher: teacher(), terms: [hardTarget({ weight: decay }), softTarget({ temperature: linear({ from: 4, to: 1, steps: 10 }) })] }, // prettier-ignore
    optimizer: () => sgd({ learningRate: decay, momentum: linear({ from: 0, to: 0.9, steps: 6 }), nesterov: true }), // prettier-ignore
  }),
  'accumulated batches that count equally': () => ({ model: normalized(), accumulationSteps: 2 }),
  'accumulated batches that count differently': () => ({
    model: normalized(),
    accumulationSteps: 2,
    data: { ...dataOf(), labelled: some },
    recipe: { teacher: teacher(), terms: [hardTarget(), softTarget({ temperature: 2 })] },
  }),
  'tf.train.adam': () => ({ model: normalized(), optimizer: () => optimizers.adam(0.02) }),
  'tf.train.sgd': () => ({ optimizer: () => optimizers.sgd(0.1) }),
  'a validation, of which the best epoch is restored': () => ({
    model: normalized(),
    epochs: 6,
    optimizer: () => adam({ learningRate: 0.5 }),
    validation: { data: dataOf([4], 4), patience: 3 },
  }),
};

describe.skipIf(!isInstalled)('steps of one call', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each(Object.entries(cases))('have the bits of eager ones with %s', async (name, make) => {
    const both = await trainSame(make);
    expectSame(both);
    expect((both.eager.result as { failure: unknown }).failure).toBeUndefined();
    // In eight of twelve steps the gradients are a call, and in ten the update, if the optimizer is ours.
    const kind = ['tf.train', 'accumulated'].find((start) => name.startsWith(start)) ?? 'other';
    const least = { 'tf.train': 8, accumulated: 14, other: 18 }[kind] ?? 0;
    expect(both.compiled.calls).toBeGreaterThanOrEqual(least);
  });
});
