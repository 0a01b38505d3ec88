import type { Tensor } from '@tensorflow/tfjs-core';
import { defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { expectClose, useBackend } from '@kd/testing';
import { mean, slice, squeeze } from '@tensorflow/tfjs-core';
import { regularizers } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import {
  data,
  hardLoss,
  net,
  optimizer,
  partly,
  recipeOf,
  softLoss,
  tolerance,
  weightedMean,
  xs,
} from '../test/two-logits.js';
import { train, trainStages } from './index.js';
import type { Metric, TrainOptions } from './index.js';
import type { InMemoryData } from '@kd/data';

await useBackend('cpu');

const batchSizes = [4, 2, 1, 3];
const sampleWeight = Float32Array.of(3, 1, 0.5, 0);
const sequences: InMemoryData = {
  inputs: { values: Float32Array.of(-1, 9, 9, 1, 2, 3, 9, 9, 9, 0.5, 9, 9), shape: [4, 3, 1] },
  labels: { values: Int32Array.of(0, 7, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0), shape: [4, 3] },
  mask: { values: Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 0), shape: [4, 3] },
};

const ofSequences: Metric = ({ output }) => ({
  loss: squeeze(slice(output, [0, 0, 0], [-1, 1, 1]), [1, 2]),
});
const relationOf = (loss: (output: Tensor) => Tensor): Term =>
  defineTerm({
    name: 'relation',
    reduces: 'batch',
    reads: { student: { output: { as: 'logits' } } },
    loss: ({ student }) => ({ values: loss(student.output) }),
  });

describe.each(batchSizes)('in batches of %d, the means of an epoch and of a validation', (batchSize) => {
  const run = async (
    terms: readonly Term[],
    given: InMemoryData,
    more: Partial<TrainOptions> = {},
    model = net([1]),
  ) => {
    const options = { data: given, epochs: 1, batchSize, optimizer, validation: { data: given }, ...more };
    const [record] = (await train(recipeOf(terms, model), options)).history;
    return {
      total: record?.total ?? NaN,
      losses: record?.losses ?? {},
      validation: record?.validation ?? {},
    };
  };

  it.each<[string, InMemoryData, number, number]>([
    ['labelled rows', partly, (hardLoss(1) + hardLoss(-1)) / 2, 1 / 2],
    ['sample weights', { ...data, sampleWeight }, weightedMean(xs.map(hardLoss), [3, 1, 0.5, 0]), 3.5 / 4.5],
    [
      'sample weights of labelled rows',
      { ...partly, sampleWeight },
      weightedMean(xs.map(hardLoss), [3, 1, 0, 0]),
      3 / 4,
    ],
  ])('are over %s', async (_, given, loss, accuracy) => {
    const { total, losses, validation } = await run([hardTarget()], given);
    expectClose([losses['hard'] ?? NaN, total], [loss, loss], tolerance);
    expectClose([validation['loss'] ?? NaN, validation['accuracy'] ?? NaN], [loss, accuracy], tolerance);
  });

  it.each<[string, InMemoryData, readonly number[]]>([
    ['the positions that a mask keeps', sequences, [1, 1, 1, 1, 1]],
    [
      'these, weighted by their sequences',
      { ...sequences, sampleWeight: Float32Array.of(2, 0.5, 1, 1) },
      [2, 0.5, 0.5, 0.5, 1],
    ],
    [
      'these, in labelled sequences',
      { ...sequences, labelled: Float32Array.of(1, 0, 1, 1) },
      [1, 0, 0, 0, 1],
    ],
  ])('are over %s', async (_, given, weights) => {
    const kept = [-1, 1, 2, 3, 0.5];
    const loss = weightedMean(kept.map(hardLoss), weights);
    const accuracy = weightedMean([0, 1, 1, 1, 1], weights);
    const recipe = defineRecipe({
      student: { model: net([3, 1]), convention: 'logits' },
      terms: [hardTarget()],
    });
    const shared = { data: given, epochs: 1, batchSize, optimizer };
    const { history } = await train(recipe, { ...shared, validation: { data: given } });
    const { losses = {}, validation = {} } = history[0] ?? {};
    expectClose(
      [losses['hard'] ?? NaN, validation['loss'] ?? NaN, validation['accuracy'] ?? NaN],
      [loss, loss, accuracy],
      tolerance,
    );
    const judged = await train(recipe, { ...shared, validation: { data: given, metrics: ofSequences } });
    // One value per sequence: each sequence with a position that counts, once.
    const perSequence = weightedMean([-1, 1, 0.5], [weights[0] ?? 0, weights[1] ?? 0, weights[4] ?? 0]);
    expectClose(judged.history[0]?.validation?.['loss'] ?? NaN, perSequence, tolerance);
  });

  it('are over different examples for each term', async () => {
    const { total, losses } = await run(
      [softTarget({ temperature: 1, weight: 0.5 }), hardTarget({ weight: 2 })],
      partly,
    );
    const [soft, hard] = [
      weightedMean(xs.map(softLoss), [1, 1, 1, 1]),
      weightedMean(xs.map(hardLoss), [1, 1, 0, 0]),
    ];
    expectClose(
      [losses['soft'] ?? NaN, losses['hard'] ?? NaN, total],
      [soft, hard, 0.5 * soft + 2 * hard],
      tolerance,
    );
  });

  it('are the losses of the terms if these are the metrics', async () => {
    const terms = [softTarget({ temperature: 1, weight: 0.5 }), hardTarget({ weight: 2 })];
    const { student, teacher } = recipeOf(terms);
    const { stages } = await trainStages(
      {
        student,
        ...(teacher === undefined ? {} : { teacher }),
        stages: [{ name: 'a', terms, epochs: 1, optimizer, earlyStopping: { metrics: 'losses' } }],
      },
      { data: partly, validation: { data: { ...partly, sampleWeight }, batchSize } },
    );
    const [soft, hard] = [
      weightedMean(xs.map(softLoss), [3, 1, 0.5, 0]),
      weightedMean(xs.map(hardLoss), [3, 1, 0, 0]),
    ];
    const measured = stages[0]?.history[0]?.validation ?? {};
    expect(Object.keys(measured)).toEqual(['soft', 'hard', 'loss']);
    expectClose(Object.values(measured), [soft, hard, 0.5 * soft + 2 * hard], tolerance);
  });

  it('include the regularisers once', async () => {
    const model = net([1], 1, { kernelRegularizer: regularizers.l2({ l2: 0.25 }) });
    const { total, losses } = await run([hardTarget({ weight: 2 })], partly, {}, model);
    const hard = (hardLoss(1) + hardLoss(-1)) / 2;
    expectClose([losses['regularizers'] ?? NaN, total], [0.25, 0.25 + 2 * hard], tolerance);
  });

  it('are weighted by the number of examples for a term that relates those of a batch', async () => {
    const { losses } = await run([relationOf((output) => mean(output)), hardTarget()], partly);
    expectClose(
      [losses['relation'] ?? NaN, losses['hard'] ?? NaN],
      [8 / 8, (hardLoss(1) + hardLoss(-1)) / 2],
      tolerance,
    );
  });

  it('are NaN over nothing, which adds nothing to the total', async () => {
    const none = { ...data, labelled: new Float32Array(4) };
    const { total, losses } = await run([softTarget({ temperature: 1 }), hardTarget()], none, {
      validation: { data },
    });
    expectClose(
      [losses['soft'] ?? NaN, total],
      Array(2).fill(weightedMean(xs.map(softLoss), [1, 1, 1, 1])),
      tolerance,
    );
    expect(losses['hard']).toBeNaN();
    expect((await run([hardTarget()], none, { validation: { data } })).total).toBeNaN();
  });

  it('do not depend on the number of batches per step', async () => {
    const { total, losses } = await run([softTarget({ temperature: 1, weight: 0.5 }), hardTarget()], data, {
      accumulationSteps: 2,
    });
    const [soft, hard] = [softLoss, hardLoss].map((loss) => weightedMean(xs.map(loss), [1, 1, 1, 1]));
    expectClose(
      [losses['soft'] ?? NaN, losses['hard'] ?? NaN, total],
      [soft ?? NaN, hard ?? NaN, 0.5 * (soft ?? NaN) + (hard ?? NaN)],
      tolerance,
    );
  });
});
