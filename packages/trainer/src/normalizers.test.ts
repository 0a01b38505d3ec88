import { defineTerm } from '@kd/core';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { expectClose, expectKdError, useBackend } from '@kd/testing';
import { reshape, slice, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../test/memory-store.js';
import { recorder } from '../test/small.js';
import {
  data,
  hardLoss,
  optimizer,
  partly,
  recipeOf,
  softLoss,
  tolerance,
  weightedMean,
  xs,
} from '../test/two-logits.js';
import { train } from './index.js';
import type { TrainOptions } from './index.js';
import type { BatchStream } from '@kd/data';

await useBackend('cpu');

describe('a step', () => {
  it('reports the denominators of its losses, and NaN where nothing counts', async () => {
    const { of, onEvent } = recorder();
    const stream: BatchStream = function* () {
      for (const [rows, labelled] of [
        [
          [1, -1, 3],
          [1, 0, 1],
        ],
        [[5], [0]],
      ] as const)
        yield {
          inputs: { x: tensor2d([...rows], [rows.length, 1]) },
          targets: { labels: tensor1d(rows.map(() => 0), 'int32') }, // prettier-ignore
          labelled: tensor1d([...labelled]),
        };
    };
    const terms = [softTarget({ temperature: 1 }), hardTarget({ weight: ({ step }) => 1 + step })];
    const run = await train(recipeOf(terms), { data: stream, epochs: 1, optimizer, onEvent });
    expect(of('step').map(({ normalizers }) => normalizers)).toEqual([
      { soft: 3, hard: 2 },
      { soft: 1, hard: 0 },
    ]);
    expect(of('step')[1]?.losses['hard']).toBeNaN();
    expectClose(of('step')[1]?.total ?? NaN, softLoss(5), tolerance);
    expectClose(run.history[0]?.losses['hard'] ?? NaN, (hardLoss(1) + hardLoss(3)) / 2, tolerance);
  });

  it('enters the total with the weights that its terms have at that step', async () => {
    const terms = [hardTarget({ weight: ({ step }) => 10 ** step })];
    const stream: BatchStream = function* () {
      for (const rows of [[1, -1, 3], [5]])
        yield {
          inputs: { x: tensor2d(rows, [rows.length, 1]) },
          targets: { labels: tensor1d(rows.map(() => 0), 'int32') }, // prettier-ignore
        };
    };
    const [record] = (await train(recipeOf(terms), { data: stream, epochs: 1, optimizer })).history;
    expectClose(
      record?.total ?? NaN,
      (hardLoss(1) + hardLoss(-1) + hardLoss(3) + 10 * hardLoss(5)) / 4,
      tolerance,
    );
    expectClose(record?.losses['hard'] ?? NaN, weightedMean(xs.map(hardLoss), [1, 1, 1, 1]), tolerance);
  });

  it("is refused with several batches if a term's weights would make it the step of other examples", async () => {
    const ownWeights = defineTerm({
      name: 'hard',
      reads: { student: { output: { as: 'logits' } }, targets: { counts: { as: 'values' } } },
      loss: ({ student, targets }) => ({
        values: reshape(slice(student.output, [0, 0], [-1, 1]), [-1]),
        weights: targets.counts,
      }),
    });
    const of = (counts: number[]): TrainOptions => ({
      data: { ...data, targets: { counts: Float32Array.from(counts) } },
      batchSize: 1,
      accumulationSteps: 2,
      epochs: 1,
      optimizer,
    });
    await expectKdError(
      () => train(recipeOf([ownWeights]), of([1, 2, 3, 4])),
      'KD_TERM_NEEDS',
      'the weights of the term "hard" in one step of several batches',
      'accumulationSteps',
      '1',
    );
    const [record] = (await train(recipeOf([ownWeights]), of([0.1, 0.1, 0.1, 0.1]))).history;
    expectClose(record?.losses['hard'] ?? NaN, 2, tolerance);
  });
});

describe('an epoch that resumes from a checkpoint', () => {
  it('has the means of the whole epoch', async () => {
    const store = memoryStore();
    const terms = [softTarget({ temperature: 1, weight: 0.5 }), hardTarget({ weight: 2 })];
    const options = { data: partly, epochs: 1, batchSize: 1, optimizer };
    const recipe = recipeOf(terms);
    const whole = await train(recipe, options);
    const controller = new AbortController();
    const onEvent = (event: { readonly type: string; readonly step?: number }): void => {
      if (event.type === 'step' && event.step === 1) controller.abort();
    };
    const first = await train(recipe, {
      ...options,
      onEvent,
      signal: controller.signal,
      checkpoint: { store },
    });
    expect(first.history).toEqual([]);
    const { history } = await train(recipe, { ...options, checkpoint: { store, resume: true } });
    const numbers = [whole.history, history].map((records) =>
      records.map(({ total, losses }) => ({ total, losses })),
    );
    expect(numbers[1]).toEqual(numbers[0]);
    expectClose(history[0]?.losses['hard'] ?? NaN, (hardLoss(1) + hardLoss(-1)) / 2, tolerance);
  });
});
