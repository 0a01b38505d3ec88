import { namedWeights } from '@kd/model';
import { expectNoLeak, useBackend } from '@kd/testing';
import { tidy, zerosLike } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { bestEpoch } from './best-epoch.js';
import { dense, examples, net, onLabels, options, recorder, weightsOf } from '../test/small.js';
import { train } from './index.js';
import type { Callback, Run } from './index.js';

await useBackend('cpu');

/** Trains with a score for each epoch that is fixed beforehand. */
async function scripted(
  scores: readonly number[],
  patience?: number,
  more: { model?: LayersModel; callback?: Callback; epochs?: number } = {},
): Promise<{ run: Run; weights: Record<string, number[]>[]; model: LayersModel; improved: boolean[] }> {
  const { model = net(), callback = { onEpochEnd: () => undefined }, epochs = scores.length } = more;
  const weights: Record<string, number[]>[] = [];
  let current = 0;
  const watching: Callback = {
    onEpochBegin: (epoch) => {
      current = epoch;
    },
    onEpochEnd: () => {
      weights.push(weightsOf(model));
    },
  };
  const validation = {
    data: examples(5),
    score: () => scores[current] ?? NaN,
    ...(patience === undefined ? {} : { patience }),
  };
  const run = await train(
    onLabels(model),
    options(examples(8), { epochs, validation, callbacks: [watching, callback] }),
  );
  return { run, weights, model, improved: run.history.map((record) => record.improved) };
}

describe('the best epoch', () => {
  it('has the lowest score, the first one in a tie, and its weights are restored', async () => {
    const { run, weights, model, improved } = await scripted([3, 1, 2, 1, 4]);
    expect([run.reason, run.bestEpoch, run.history.length]).toEqual(['finished', 1, 5]);
    expect(improved).toEqual([true, true, false, false, false]);
    expect(weightsOf(model)).toEqual(weights[1]);
    expect(weights[1]).not.toEqual(weights[4]);
  });

  it('has the lowest loss by default', async () => {
    const { of, onEvent } = recorder();
    const model = net();
    const run = await train(
      onLabels(model),
      options(examples(8), { epochs: 4, validation: { data: examples(5) }, onEvent }),
    );
    const losses = run.history.map(({ validation }) => validation?.['loss'] ?? NaN);
    expect(run.bestEpoch).toBe(losses.indexOf(Math.min(...losses)));
    expect(of('end')).toEqual([{ type: 'end', stage: 0, reason: 'finished', bestEpoch: run.bestEpoch }]);
  });

  it('is undefined without validation: the weights are those of the last step', async () => {
    const model = net();
    const weights: unknown[] = [];
    const callbacks = [{ onEpochEnd: () => weights.push(weightsOf(model)) }] as unknown as Callback[];
    const run = await train(onLabels(model), options(examples(8), { epochs: 2, callbacks }));
    expect(run.bestEpoch).toBeUndefined();
    expect(run.history.map((record) => ['validation' in record, record.improved])).toEqual([
      [false, false],
      [false, false],
    ]);
    expect(weightsOf(model)).toEqual(weights[1]);
  });

  it('is restored by name, even if the order of the weights has changed since', async () => {
    // All kernels have the same shape: restored by position, they would be swapped unnoticed.
    const model = sequential({
      layers: [
        dense(1, { name: 'a', units: 3, inputShape: [3] }),
        layers.batchNormalization({ name: 'bn' }),
        dense(2, { name: 'b', units: 3 }),
        dense(3, { name: 'c', units: 3 }),
      ],
    });
    const before = model.getWeights().length;
    const onEpochEnd = (epoch: number): void => {
      model.getLayer('a').trainable = epoch === 1;
      model.getLayer('b').trainable = epoch === 0;
    };
    const inputs = {
      values: Float32Array.from({ length: 24 }, (_, index) => Math.sin(index)),
      shape: [8, 3],
    };
    const labels = Int32Array.from({ length: 8 }, (_, row) => row % 3);
    const weights: unknown[] = [];
    let current = 0;
    const watching: Callback = {
      onEpochBegin: (epoch) => {
        current = epoch;
      },
      onEpochEnd: (epoch) => {
        weights.push(weightsOf(model));
        onEpochEnd(epoch);
      },
    };
    const validation = { data: { inputs, labels }, score: () => [1, 2, 3][current] ?? NaN };
    const run = await train(
      onLabels(model),
      options({ inputs, labels }, { epochs: 3, validation, callbacks: [watching] }),
    );
    expect(run.bestEpoch).toBe(0);
    expect(weightsOf(model)).toEqual(weights[0]);
    expect(weights[2]).not.toEqual(weights[0]);
    expect(model.getWeights()).toHaveLength(before);
  });

  it('keeps copies of the weights, and frees them', async () => {
    await expectNoLeak(() => {
      const model = net();
      const best = bestEpoch(() => namedWeights(model));
      const before = weightsOf(model);
      expect(best.epoch()).toBeUndefined();
      best.restore();
      expect(best.note(0, 2)).toBe(true);
      tidy(() => {
        for (const layer of model.layers)
          for (const weight of layer.weights) weight.write(zerosLike(weight.read()));
      });
      expect(best.note(1, 2)).toBe(false);
      expect(best.note(2, NaN)).toBe(false);
      best.restore();
      expect(weightsOf(model)).toEqual(before);
      expect(best.epoch()).toBe(0);
      best.dispose();
      model.dispose();
    });
  });
});

describe('patience', () => {
  it.each([
    // Two epochs without a better score after epoch 1.
    [[3, 1, 2, 1, 0], 2, { reason: 'early', bestEpoch: 1, epochs: 4 }],
    [[3, 1, 2, 1, 0], 1, { reason: 'early', bestEpoch: 1, epochs: 3 }],
    [[3, 1, 2, 1, 0], 3, { reason: 'finished', bestEpoch: 4, epochs: 5 }],
    [[5, 4, 3, 2], 1, { reason: 'finished', bestEpoch: 3, epochs: 4 }],
    [[1, 2, 2], 2, { reason: 'early', bestEpoch: 0, epochs: 3 }],
    // A score of NaN is not an improvement, not even in the first epoch.
    [[NaN, 3, NaN, NaN, 1], 2, { reason: 'early', bestEpoch: 1, epochs: 4 }],
    [[NaN, NaN, NaN], 2, { reason: 'early', bestEpoch: undefined, epochs: 2 }],
    [[NaN, NaN, NaN], 4, { reason: 'finished', bestEpoch: undefined, epochs: 3 }],
    [[Infinity, Infinity, 1], 2, { reason: 'early', bestEpoch: undefined, epochs: 2 }],
    [[-1, -Infinity, NaN, NaN], 2, { reason: 'early', bestEpoch: 1, epochs: 4 }],
  ])('with the scores %j ends after %i epochs without a better one', async (scores, patience, expected) => {
    const { run, weights, model } = await scripted(scores, patience);
    expect({ reason: run.reason, bestEpoch: run.bestEpoch, epochs: run.history.length }).toEqual(expected);
    expect(weightsOf(model)).toEqual(weights[run.bestEpoch ?? weights.length - 1]);
  });
});
