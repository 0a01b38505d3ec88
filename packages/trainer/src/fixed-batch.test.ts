// A student that computes a fixed number of rows at a time, as batchInputShape makes it.
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { dense, examples, numbersOf, onLabels, options, recorder } from '../test/small.js';
import { evaluate, train } from './index.js';
import type { Run, TrainOptions } from './index.js';

await useBackend('cpu');

const net = (batchInputShape: (number | null)[]): LayersModel =>
  sequential({
    layers: [
      dense(1, { units: 4, activation: 'tanh', batchInputShape }),
      layers.batchNormalization({}),
      dense(2, { units: 3 }),
    ],
  });
const fixed = (): LayersModel => net([8, 2]);
const open = (): LayersModel => net([null, 2]);

const trained = (model: LayersModel, more: Partial<TrainOptions>): Promise<Run> =>
  train(onLabels(model), options(examples(16), { batchSize: 8, ...more }));

/** Expects an error before the first step. */
const refused = async (more: Partial<TrainOptions>, ...facts: string[]): Promise<void> => {
  const model = fixed();
  const before = numbersOf(model);
  const { events, onEvent } = recorder();
  await expectNoLeak(() =>
    expectKdError(() => trained(model, { onEvent, ...more }), 'KD_TENSOR_SHAPE', ...facts),
  );
  expect(events).toEqual([]);
  expect(numbersOf(model)).toEqual(before);
};

describe('training a student with a fixed batch size', () => {
  it('is training the same student without one', async () => {
    const models = [fixed(), open()] as const;
    for (const model of models) await trained(model, { epochs: 2 });
    expect(numbersOf(models[0])).toEqual(numbersOf(models[1]));
  });

  it('refuses data that leave a smaller last batch, before the first step', () =>
    refused(
      { data: examples(20) },
      'options.data',
      'a multiple of 8 examples',
      '20 examples, of which 4 are left for the last batch',
      'Drop the last 4, end each epoch before them with stepsPerEpoch',
      'choose a batch size that divides 20',
      'without a fixed batch size',
    ));

  it('takes such data if each epoch ends before that batch', async () => {
    const { history } = await trained(fixed(), { data: examples(20), stepsPerEpoch: 2 });
    expect(history[0]?.step).toBe(2);
    await refused({ data: examples(20), stepsPerEpoch: 3 }, 'options.data');
    await refused({ data: examples(20), stepsPerEpoch: 2, accumulationSteps: 2 }, 'options.data');
  });

  it.each([5, 16, 32])('refuses the batch size %i before the first step', (batchSize) =>
    refused(
      { batchSize },
      'options.batchSize',
      '8, the fixed batch size of the model',
      `${String(batchSize)}, for 16 examples`,
      'batchSize: 8',
    ),
  );

  it('takes all data in one batch of the right size, whatever the batch size', async () => {
    expect((await trained(fixed(), { data: examples(8), batchSize: 32 })).history).toHaveLength(1);
  });

  it('refuses a smaller batch of a stream before its step', async () => {
    const model = fixed();
    const batch = (rows: number) => ({
      inputs: { x: tensor2d(examples(rows).inputs.values, [rows, 2]) },
      targets: { labels: tensor1d(examples(rows).labels, 'int32') },
    });
    let before: number[] = [];
    const onEvent = (): void => void (before = numbersOf(model));
    const body = () =>
      train(onLabels(model), {
        ...{ epochs: 1, onEvent, optimizer: options(examples(8)).optimizer },
        data: () => [batch(8), batch(4)],
      });
    await expectNoLeak(() =>
      expectKdError(body, 'KD_TENSOR_SHAPE', '[8,2]', '[4,2]', 'Make batches of 8 and drop the rest'),
    );
    expect(numbersOf(model)).toEqual(before);
  });
});

describe('judging a student with a fixed batch size', () => {
  it.each([3, 8, 12, 20])('on %i examples is judging the same student without one', async (n) => {
    const data = { ...examples(n), sampleWeight: Float32Array.from({ length: n }, (_, row) => row % 3) };
    const runs: Run[] = [];
    for (const model of [fixed(), open()]) runs.push(await trained(model, { validation: { data } }));
    const [own, other] = runs.map(({ history }) => history[0]?.validation);
    expect(own?.['accuracy']).toBe(other?.['accuracy']);
    expect(own?.['loss']).toBeCloseTo(other?.['loss'] ?? NaN, 6);
  });

  it('has any size of batches in evaluate', async () => {
    const student = (model: LayersModel) => ({ model, convention: 'logits' }) as const;
    const expected = await evaluate(student(open()), examples(20));
    for (const batchSize of [undefined, 3, 8, 20]) {
      const more = batchSize === undefined ? {} : { batchSize };
      const measured = await evaluate(student(fixed()), examples(20), more);
      expect(measured['accuracy']).toBe(expected['accuracy']);
      expect(measured['loss']).toBeCloseTo(expected['loss'] ?? NaN, 6);
    }
    const given = student(fixed());
    await expectNoLeak(async () => {
      await evaluate(given, examples(20));
    });
  });

  it('by the losses of its terms needs whole batches', async () => {
    const recipe = (): Recipe =>
      defineRecipe({ student: { model: fixed(), convention: 'logits' }, terms: [hardTarget()] });
    const judged = (n: number): Promise<Run> => {
      const validation = { data: examples(n), metrics: 'losses' as const };
      return train(recipe(), options(examples(16), { batchSize: 8, validation }));
    };
    expect((await judged(16)).history[0]?.validation?.['loss']).toBeGreaterThan(0);
    const facts = ['train, options.validation', 'data', 'a multiple of 8 examples', '12 examples'];
    await expectKdError(() => judged(12), 'KD_TENSOR_SHAPE', ...facts);
  });

  it('still refuses data of another shape', () => {
    const wrong = { inputs: { values: new Float32Array(15), shape: [5, 3] }, labels: new Int32Array(5) };
    return refused({ validation: { data: wrong } }, 'train, options.validation', '[8,2]');
  });
});
