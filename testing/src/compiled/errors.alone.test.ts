// Steps of one call that fail: the errors of eager steps, and nothing is changed.
import { defineTerm, stepFunctions } from '@kd/core';
import type { BatchStream } from '@kd/data';
import { adam } from '@kd/optimizers';
import type { AdamOptimizer } from '@kd/optimizers';
import { hardTarget } from '@kd/soft-target-loss';
import { hasTensorflow } from '@kd/testing/tensorflow';
import {
  abs,
  all,
  any,
  dispose,
  greater,
  less,
  mean,
  memory,
  setBackend,
  square,
  tensor,
  tensor1d,
} from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { handles } from '../step-functions.js';
import { expectEqual, weightsOf } from './both-ways.js';
import { classes, numbersOf, withWeights } from './small.js';
import { trainSame } from './train-same.js';
import type { Training } from './train-same.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;
const rows = 4;
// A stream makes its batches itself.
const noBatchSize = { batchSize: undefined } as object;

/** Batches of maps, sequences of ids or numbers; the one at `bad` has `value` in the middle. */
const streamOf = (shape: readonly number[], change: (values: number[], step: number) => void): BatchStream =>
  function* () {
    for (let step = 0; step < 8; step++) {
      const values = Array.from(numbersOf(shape, step, rows));
      change(values, step);
      yield {
        inputs: { x: tensor(values, [rows, ...shape]) },
        targets: { labels: tensor1d([0, 1, 2, 0].slice(0, rows), 'int32') },
      };
    }
  };

const bad = 6;
const badIn =
  (value: number) =>
  (values: number[], step: number): void => {
    if (step === bad) values[5] = value;
  };

function pooled(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 2] }),
      layers.batchNormalization(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ name: 'logits', units: classes }),
    ],
  });
}

function normalized(): LayersModel {
  const dense = layers.dense({ units: 4, inputShape: [6], activation: 'tanh' });
  return sequential({ layers: [dense, layers.batchNormalization(), layers.dense({ units: classes })] });
}

function embedded(): LayersModel {
  const table = layers.embedding({ name: 'table', inputDim: 9, outputDim: 4, inputLength: 6 });
  return sequential({
    layers: [table, layers.flatten(), layers.batchNormalization(), layers.dense({ units: classes })],
  });
}
const ids = (values: number[]): void => {
  for (const [at, value] of values.entries()) values[at] = Math.floor((value / 2 + 0.5) * 8.99);
};

/** The model, its data, and what the message of the failing step has to name. */
interface Case {
  readonly name: string;
  readonly model: () => LayersModel;
  readonly data: BatchStream;
  readonly says: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'NaN before a max pooling', model: pooled, data: streamOf([6, 6, 2], badIn(NaN)), says: ['finite', 'step 6'] }, // prettier-ignore
  { name: 'Infinity before a max pooling', model: pooled, data: streamOf([6, 6, 2], badIn(Infinity)), says: ['finite', 'step 6'] }, // prettier-ignore
  { name: 'NaN', model: normalized, data: streamOf([6], badIn(NaN)), says: ['finite', 'step 6'] },
  { name: 'an id above the table', model: embedded, data: streamOf([6], (values, step) => { ids(values); badIn(9)(values, step); }), says: ['table'] }, // prettier-ignore
  { name: 'an id below the table', model: embedded, data: streamOf([6], (values, step) => { ids(values); badIn(-1)(values, step); }), says: ['table'] }, // prettier-ignore
];

describe.skipIf(!isInstalled)('a step of one call that fails', () => {
  beforeAll(() => setBackend('tensorflow'));

  it.each(cases)('has the error of an eager one, and changes nothing: $name', async (given) => {
    const { model: build, data, says } = given;
    let optimizer: AdamOptimizer | undefined;
    let model: LayersModel | undefined;
    let before: unknown;
    const stateOf = (): unknown => {
      const state = (optimizer as AdamOptimizer).getState();
      const values = Object.values(state.tensors).map((one) => Array.from(one.dataSync()));
      dispose(state.tensors);
      return [weightsOf(model as LayersModel), values, Object.values(state.numbers)];
    };
    let after: unknown;
    const both = await trainSame(
      (): Training => {
        model = withWeights(build());
        const made = adam({ learningRate: 0.02 });
        // The training disposes the state.
        const end = made.dispose.bind(made);
        made.dispose = () => {
          after = stateOf();
          end();
        };
        optimizer = made;
        const onBatchBegin = (step: number): void => {
          if (step === bad) before = stateOf();
        };
        const callbacks = [{ onBatchBegin }];
        return { model, data, epochs: 1, optimizer: () => made, callbacks, ...noBatchSize };
      },
      () => {
        expect(after).toEqual(before);
        return after;
      },
    );
    expectEqual(both);
    const { failure } = both.compiled.result as { failure: string };
    for (const part of says) expect(failure).toContain(part);
    expect(both.compiled.calls).toBe(2 * (bad - 2) + 1);
    expect(both.compiled.reasons).toEqual([undefined]);
  });

  it.each([2, 0.5])(
    'has not happened if a condition that it read, above %d, does not hold',
    async (limit) => {
      const mark = (values: number[], step: number): void => {
        values[0] = step === 4 || step === 5 ? 1 : 3;
      };
      const term = defineTerm({
        name: 'choosing',
        reads: { student: { logits: { as: 'logits' } }, inputs: { x: 'x' } },
        loss: ({ student: { logits }, inputs: { x } }) => {
          const isLarge = any(greater(x, limit)).dataSync()[0] === 1;
          const isSmall = all(less(x, 1.5)).dataSync()[0] === 1;
          return { values: mean(isLarge && !isSmall ? square(logits) : abs(logits), -1) };
        },
      });
      const counts: number[][] = [];
      const onBatchEnd = (): void => void counts.push([memory().numTensors, handles()]);
      const both = await trainSame((): Training => {
        counts.length = 0;
        const shared = { model: withWeights(normalized()), recipe: { terms: [hardTarget(), term] } };
        return {
          ...shared,
          data: streamOf([6], mark),
          epochs: 1,
          callbacks: [{ onBatchEnd }],
          ...noBatchSize,
        };
      });
      expectEqual(both);
      expect(both.compiled.result).toHaveProperty('failure', undefined);
      expect(both.compiled.reasons).toEqual([undefined]);
      // Of the gradients and of the update; the calls of two steps are discarded.
      expect(both.compiled.calls).toBe(6 + 6);
      expect(counts.at(-1)).toEqual(counts.at(3));
    },
  );
});
