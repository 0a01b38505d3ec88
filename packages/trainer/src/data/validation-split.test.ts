import { expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import type { InMemoryData } from '@kd/data';
import { oneHot, tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { examples, net, numbersOf, onLabels, options } from '../../test/small.js';
import { train, trainStages } from '../index.js';
import type { EpochRecord, Run, TrainOptions } from '../index.js';
import { prepareData } from './prepare-data.js';

await useBackend('cpu');

const all = examples(10);
/** Rows of the examples, with everything that a data set in memory may have. */
const rows = (start: number, end: number, asTensors = false): InMemoryData => {
  const values = all.inputs.values.slice(2 * start, 2 * end);
  const labels = all.labels.slice(start, end);
  return {
    inputs: asTensors ? tensor2d(values, [end - start, 2]) : { values, shape: [end - start, 2] },
    labels: asTensors ? tensor1d(labels, 'int32') : labels,
    sampleWeight: Float32Array.from(labels, (_, index) => 1 + start + index),
    ids: Array.from(labels, (_, index) => String(start + index)),
  };
};
const trained = async (
  data: InMemoryData,
  more: Partial<TrainOptions>,
): Promise<{ run: Run; weights: number[] }> => {
  const model = net();
  const run = await train(onLabels(model), options(data, { epochs: 3, ...more }));
  return { run, weights: numbersOf(model) };
};
const withoutTimes = ({ history }: Run): Omit<EpochRecord, 'seconds'>[] =>
  history.map((record) => ({ ...record, seconds: 0 }));

describe('a validation split', () => {
  it.each([false, true])('is a validation set of the last examples (tensors: %s)', async (asTensors) => {
    const split = await trained(rows(0, 10, asTensors), { validationSplit: 0.3 });
    const two = await trained(rows(0, 7, asTensors), { validation: { data: rows(7, 10, asTensors) } });
    expect(split.weights).toEqual(two.weights);
    expect(withoutTimes(split.run)).toEqual(withoutTimes(two.run));
    expect(split.run.bestEpoch).toBeDefined();
  });

  it.each([0.1, 0.25, 0.5, 0.7])('of %d holds out the examples that model.fit holds out', async (part) => {
    const model = sequential({
      layers: [layers.dense({ units: 3, inputShape: [2], activation: 'softmax' })],
    });
    model.compile({ optimizer: optimizers.sgd(0), loss: 'categoricalCrossentropy' });
    const inputs = tensor2d(all.inputs.values, [10, 2]);
    const labels = oneHot(tensor1d(all.labels, 'int32'), 3);
    const { history } = await model.fit(inputs, labels, { epochs: 1, validationSplit: part });
    const student = { model, convention: 'probabilities' } as const;
    const recipe = { ...onLabels(net()), student };
    const optimizer = () => optimizers.sgd(0);
    const run = await train(recipe, { data: all, epochs: 1, optimizer, validationSplit: part });
    expectClose([run.history[0]?.validation?.['loss'] ?? NaN], [Number(history['val_loss']?.[0])], {
      relative: 1e-5,
      absolute: 0,
    });
  });

  it('judges the stages of a training', async () => {
    const model = net();
    const { stages } = await trainStages(
      {
        student: { model, convention: 'logits' },
        stages: [
          {
            name: 'one',
            terms: onLabels(model).terms,
            epochs: 9,
            optimizer: () => optimizers.sgd(0),
            earlyStopping: { patience: 2 },
          },
        ],
      },
      { data: all, validationSplit: 0.2 },
    );
    expect(stages[0]).toMatchObject({ reason: 'early', bestEpoch: 0 });
    expect(stages[0]?.history).toHaveLength(3);
  });

  it('leaves no tensor behind', () =>
    expectNoLeak(async () => {
      const data = rows(0, 10, true);
      const model = net();
      await train(onLabels(model), options(data, { epochs: 1, validationSplit: 0.3 }));
      model.dispose();
      for (const column of [data.inputs, data.labels]) (column as Tensor).dispose();
    }));
});

describe('a validation split is refused', () => {
  const stream = (): never[] => [];
  it.each<[Partial<TrainOptions>, string, ...string[]]>([
    [{ validation: { data: all } }, 'KD_OPTION_TYPE', 'absent if options.validation is given', '0.5'],
    [{ data: stream }, 'KD_OPTION_TYPE', 'absent for a stream', 'as options.validation'],
    [{ validationSplit: 0 }, 'KD_OPTION_RANGE', 'a number in (0, 1)', '0'],
    [{ validationSplit: 1 }, 'KD_OPTION_RANGE', 'a number in (0, 1)', '1'],
    [{ validationSplit: NaN }, 'KD_OPTION_RANGE', 'NaN'],
    [{ validationSplit: '0.1' as never }, 'KD_OPTION_TYPE', '"0.1"'],
    [{ validationSplit: 0.95 }, 'KD_OPTION_RANGE', 'at least one of 10 examples on each side', '0.95'],
    [{ data: examples(1) }, 'KD_OPTION_RANGE', 'at least one of 1 examples'],
  ])('with %j', async (more, code, ...facts) => {
    const optimizer = () => optimizers.sgd(0.1);
    const run = (): unknown =>
      train(onLabels(net()), { data: all, epochs: 1, optimizer, validationSplit: 0.5, ...more });
    await expectKdError(run, code, 'train', 'options.validationSplit', ...facts);
  });

  it.each([
    [1, 'options.data'],
    [8, 'options.validationSplit'],
  ])('if row %d has no legal label, before the first step', async (row, place) => {
    const labels = Int32Array.from(all.labels, (label, index) => (index === row ? 9 : label));
    const run = (): unknown => trained({ ...all, labels }, { validationSplit: 0.3, epochs: 1 });
    await expectKdError(run, 'KD_LABEL_RANGE', ...(row === 8 ? [place] : []), '9');
  });
});

it('shuffles and checks the rows of a part only', async () => {
  const data = rows(0, 10);
  const partOf = () => ({ start: 6, end: 10 });
  const prepared = prepareData('test', 'data', data, { batchSize: 4, shuffle: true, partOf });
  const seen: string[] = [];
  for await (const batch of prepared.batches({ epoch: 0, seed: 3, skip: 0 })) seen.push(...(batch.ids ?? []));
  expect(seen.sort()).toEqual(['6', '7', '8', '9']);
  const checked: unknown[] = [];
  await prepared.checkAll(
    ({ ids }) => void checked.push(ids),
    (targets) => Promise.resolve(void checked.push(targets.ids)),
  );
  expect(checked).toEqual([
    ['6', '7', '8', '9'],
    ['6', '7', '8', '9'],
  ]);
});
