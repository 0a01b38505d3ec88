import { defineTerm } from '@kd/core';
import type { Term } from '@kd/core';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { expectClose, useBackend } from '@kd/testing';
import { reshape, slice, tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../test/memory-store.js';
import { numbersOf, recorder } from '../test/small.js';
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
import { train } from './index.js';
import type { BatchStream, InMemoryData } from '@kd/data';

await useBackend('cpu');

const weights = Float32Array.of(1, 2, 1, 0.5);

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

  it('of several batches is that of everything that counts in them, by the weights of each term', async () => {
    const ownWeights = defineTerm({
      name: 'own',
      reads: { student: { output: { as: 'logits' } }, targets: { counts: { as: 'values' } } },
      loss: ({ student, targets }) => ({
        values: reshape(slice(student.output, [0, 0], [-1, 1]), [-1]),
        weights: targets.counts,
      }),
    });
    const given = { ...partly, targets: { counts: Float32Array.of(1, 2, 0, 4) }, sampleWeight: weights };
    const terms = [ownWeights, hardTarget({ weight: 3 }), softTarget({ temperature: 2 })];
    const trained = async (batchSize: number, accumulationSteps: number) => {
      const model = net([1]);
      const learning = { epochs: 3, batchSize, accumulationSteps, optimizer: () => optimizers.sgd(0.1) };
      const { history } = await train(recipeOf(terms, model), { data: given, ...learning });
      return { weights: numbersOf(model), history };
    };
    const [parts, whole] = [await trained(1, 4), await trained(4, 1)];
    expectClose(parts.weights, whole.weights, { relative: 1e-5, absolute: 1e-6 });
    for (const [epoch, { total, losses }] of parts.history.entries()) {
      const expected = whole.history[epoch];
      expectClose(total, expected?.total ?? NaN, { relative: 1e-5, absolute: 0 });
      expectClose(Object.values(losses), Object.values(expected?.losses ?? {}), {
        relative: 1e-5,
        absolute: 0,
      });
    }
  });

  it('runs each batch once if it counts equally in all terms', async () => {
    const runs: number[] = [];
    const once = hardTarget();
    const counted: Term = { ...once, loss: (batch) => (runs.push(1), once.loss(batch)) };
    const run = (given: InMemoryData) =>
      train(recipeOf([counted, softTarget({ temperature: 1 })]), { data: given, batchSize: 2, accumulationSteps: 2, epochs: 1, optimizer, compile: 'never' }); // prettier-ignore
    await run({ ...data, sampleWeight: weights });
    expect(runs).toHaveLength(2);
    await run({ ...data, labelled: Float32Array.of(1, 1, 1, 0) });
    expect(runs).toHaveLength(2 + 4);
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
