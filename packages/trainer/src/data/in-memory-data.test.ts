import type { Batch } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import {
  complex,
  ones,
  scalar,
  tensor,
  tensor1d,
  tensor2d,
  train as optimizers,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor } from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import {
  dense,
  net,
  numbersOf,
  onLabels,
  options,
  recorder,
  values,
  watching,
  weightsOf,
} from '../../test/small.js';
import { train } from '../index.js';
import { prepareData } from './prepare-data.js';
import type { InMemoryData } from '@kd/data';

await useBackend('cpu');

const whole = [0, 1, 255, 3, 7, 2, 9, 40, 5, 5, 12, 1];
const labels = [0, 2, 1, 1, 0, 2];

const weightsAfter = async (data: InMemoryData): Promise<number[]> => {
  const model = net();
  await train(onLabels(model), options(data, { epochs: 2 }));
  return numbersOf(model);
};

describe('data in memory', () => {
  it('is the same as tensors and as typed arrays of any kind', async () => {
    const shape = [6, 2];
    const expected = await weightsAfter({
      inputs: tensor2d(whole, [6, 2]),
      labels: tensor1d(labels, 'int32'),
    });
    const forms: InMemoryData[] = [
      { inputs: tensor2d(whole, [6, 2], 'int32'), labels: tensor1d(labels) },
      { inputs: { values: new Float32Array(whole), shape }, labels: new Int32Array(labels) },
      { inputs: { values: new Int32Array(whole), shape }, labels: new Float32Array(labels) },
      { inputs: { values: new Uint8Array(whole), shape }, labels: new Uint8Array(labels) },
      {
        inputs: { image: { values: new Uint8Array(whole), shape } },
        targets: { labels: new Uint8Array(labels) },
      },
      {
        inputs: { values: new Uint8Array(whole), shape },
        labels: { values: new Uint8Array(labels), shape: [6, 1] },
      },
    ];
    for (const form of forms) expect(await weightsAfter(form)).toEqual(expected);
    expect(expected).not.toEqual(
      await weightsAfter({ inputs: tensor2d(whole, [6, 2]), labels: new Int32Array(6) }),
    );
  });

  it('is not changed, and belongs to the caller', async () => {
    const inputs = tensor2d(whole, [6, 2], 'int32');
    const given = { inputs, labels: tensor1d(labels, 'int32'), sampleWeight: ones<Rank.R1>([6]) };
    await expectNoLeak(async () => {
      const model = net();
      await train(onLabels(model), options(given, { validation: { data: given } }));
      model.dispose();
    });
    for (const tensor of Object.values(given)) expect(tensor.isDisposed).toBe(false);
    expect(values(inputs)).toEqual(whole);
    expect(values(given.labels)).toEqual(labels);
  });

  it('comes in batches, the last one smaller, or in as many as stepsPerEpoch says', async () => {
    const data = { inputs: { values: new Float32Array(20), shape: [10, 2] }, labels: new Int32Array(10) };
    const sizesWith = async (more: object): Promise<number[][]> => {
      const { of, onEvent } = recorder();
      await train(onLabels(net()), options(data, { epochs: 2, onEvent, ...more }));
      expect(of('start')[0]?.stepsPerEpoch).toBe(of('step').length / 2);
      return [0, 1].map((wanted) =>
        of('step').flatMap(({ epoch, examples }) => (epoch === wanted ? [examples] : [])),
      );
    };
    expect(await sizesWith({})).toEqual([
      [4, 4, 2],
      [4, 4, 2],
    ]);
    expect(await sizesWith({ batchSize: 100 })).toEqual([[10], [10]]);
    expect(await sizesWith({ stepsPerEpoch: 2 })).toEqual([
      [4, 4],
      [4, 4],
    ]);
    expect(await sizesWith({ stepsPerEpoch: 9 })).toEqual([
      [4, 4, 2],
      [4, 4, 2],
    ]);
    const { batchSize, ...withoutSize } = options(data);
    const { of, onEvent } = recorder();
    const many = { inputs: { values: new Float32Array(80), shape: [40, 2] }, labels: new Int32Array(40) };
    await train(onLabels(net()), { ...withoutSize, data: many, onEvent });
    expect([batchSize, ...of('step').map(({ examples }) => examples)]).toEqual([4, 32, 8]);
  });

  it('skips batches of the same order', () => {
    const data = { inputs: new Float32Array([0, 1, 2, 3, 4, 5, 6]) };
    const rowsOf = (shuffle: boolean, skip: number): number[][] => {
      const { batches } = prepareData('test', 'data', data, { batchSize: 3, shuffle });
      return Array.from(batches({ epoch: 0, seed: 3, skip }) as Iterable<Batch>, ({ inputs }) =>
        values(inputs['input']),
      );
    };
    expect(rowsOf(false, 0)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    for (const shuffle of [false, true]) {
      expect(rowsOf(shuffle, 1)).toEqual(rowsOf(shuffle, 0).slice(1));
      expect(rowsOf(shuffle, 3)).toEqual([]);
    }
  });

  it('keeps inputs, targets, weights, marks and ids of an example together', async () => {
    const rows = Array.from({ length: 9 }, (_, row) => row);
    const column = (factor: number): Float32Array => Float32Array.from(rows, (row) => factor * (row + 1));
    const seen: number[][] = [];
    const watched = watching(({ inputs, targets = {}, ids = [], sampleWeight, labelled, mask }) => {
      const columns = [inputs['left'], inputs['right'], targets['depth'], sampleWeight, labelled, mask].map(
        values,
      );
      ids.forEach((id, at) => seen.push([Number(id), ...columns.map((each) => each[at] ?? NaN)]));
      expect(mask?.shape).toEqual([ids.length, 1]);
      expect([inputs['left']?.dtype, targets['depth']?.dtype, targets['labels']?.dtype]).toEqual([
        'float32',
        'float32',
        'int32',
      ]);
    });
    const data: InMemoryData = {
      // Not in the order of the model's inputs.
      inputs: { right: { values: column(2), shape: [9, 1] }, left: tensor2d([...column(1)], [9, 1]) },
      labels: Int32Array.from(rows, (row) => row % 3),
      targets: { depth: column(3) },
      sampleWeight: column(4),
      labelled: Uint8Array.from(rows, (row) => row % 2),
      mask: { values: Float32Array.from(rows, () => 1), shape: [9, 1] },
      ids: rows.map(String),
    };
    const model = twoInputs();
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, ...watched });
    await train(recipe, options(data));
    expect(seen.sort(([a = 0], [b = 0]) => a - b)).toEqual(
      rows.map((row) => [row, row + 1, 2 * (row + 1), 3 * (row + 1), 4 * (row + 1), row % 2, 1]),
    );
  });

  it('feeds inputs by name to student and teacher, and targets by name to a term', async () => {
    const [model, teacher] = [twoInputs(), twoInputs(5)];
    const recipe = defineRecipe({
      student: { model, convention: 'logits' },
      teacher: layersTeacher(teacher, { convention: 'logits' }),
      terms: [softTarget({ temperature: 1 }), hardTarget({ target: 'species' })],
    });
    const data = {
      inputs: {
        right: { values: new Float32Array([5]), shape: [1, 1] },
        left: { values: new Float32Array([-1]), shape: [1, 1] },
      },
      targets: { species: new Int32Array([2]) },
    };
    const { of, onEvent } = recorder();
    const logits = model.predict([tensor2d([[-1]]), tensor2d([[5]])]) as Tensor;
    const [, , z = NaN] = values(logits);
    const expected = Math.log(values(logits).reduce((sum, each) => sum + Math.exp(each), 0)) - z;
    await train(recipe, options(data, { onEvent }));
    expect(of('step')[0]?.losses['soft']).toBeGreaterThan(0);
    expect(of('step')[0]?.losses['hard']).toBeCloseTo(expected, 5);
  });

  it('counts the positions of a sequence that the mask keeps', async () => {
    const lengths = [3, 1];
    const mask = { values: new Float32Array([1, 1, 1, 1, 0, 0]), shape: [2, 3] };
    const trained = async (hidden: number, id: number): Promise<{ loss: number; weights: number[] }> => {
      const model = sequential({ layers: [dense(1, { units: 2, inputShape: [3, 2] })] });
      const inputs = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, hidden, hidden, hidden, hidden]);
      const data = {
        inputs: { values: inputs, shape: [2, 3, 2] },
        labels: { values: new Int32Array([0, 1, 1, 0, id, id]), shape: [2, 3] },
        mask,
      };
      const { of, onEvent } = recorder();
      await train(onLabels(model), options(data, { onEvent, optimizer: () => optimizers.sgd(0.01) }));
      return { loss: of('step')[0]?.total ?? NaN, weights: numbersOf(model) };
    };
    const plain = await trained(0, 0);
    // Neither a label of -1 nor other inputs change anything where the mask is 0.
    expect(await trained(100, -1)).toEqual(plain);
    const kernel = numbersOf(sequential({ layers: [dense(1, { units: 2, inputShape: [3, 2] })] }));
    const kept: [number, number, number][] = [
      [1, 2, 0],
      [3, 4, 1],
      [5, 6, 1],
      [7, 8, 0],
    ];
    const loss = kept.reduce((sum, [a, b, id]) => {
      const z = [0, 1].map((unit) => a * (kernel[unit] ?? 0) + b * (kernel[2 + unit] ?? 0));
      return sum + Math.log(Math.exp(z[0] ?? 0) + Math.exp(z[1] ?? 0)) - (z[id] ?? 0);
    }, 0);
    expect(plain.loss).toBeCloseTo(loss / lengths.reduce((a, b) => a + b, 0), 4);
  });
});

/** Logits from `left` and `right`, whose shares differ. */
function twoInputs(seed = 3): LayersModel {
  const inputs = ['left', 'right'].map((name) => input({ name, shape: [1] }));
  const joined = layers.concatenate().apply(inputs) as SymbolicTensor;
  return functional({ inputs, outputs: dense(seed, { units: 3 }).apply(joined) as SymbolicTensor });
}

describe('wrong data in memory', () => {
  const good = { inputs: { values: new Float32Array(12), shape: [6, 2] }, labels: new Int32Array(6) };
  const disposed = tensor1d([1, 2, 3, 4, 5, 6]);
  disposed.dispose();
  const cases: [string, object, string, ...string[]][] = [
    ['an unknown part', { label: good.labels }, 'KD_OPTION_UNKNOWN', 'data.label'],
    ['null inputs', { inputs: null }, 'KD_DATA_TYPE', 'data.inputs', 'null'],
    ['an array as inputs', { inputs: [[1, 2]] }, 'KD_DATA_TYPE', 'data.inputs'],
    ['a number as inputs', { inputs: 3 }, 'KD_DATA_TYPE', '3'],
    ['no inputs', { inputs: {} }, 'KD_BATCH_EMPTY', 'data.inputs', 'none'],
    [
      'no examples',
      { inputs: { values: new Float32Array(0), shape: [0, 2] } },
      'KD_BATCH_EMPTY',
      'options.data.inputs',
    ],
    ['a Float64Array', { inputs: new Float64Array(6) }, 'KD_DATA_TYPE', 'data.inputs', 'a Float64Array'],
    [
      'a Float64Array with a shape',
      { inputs: { values: new Float64Array(12), shape: [6, 2] } },
      'KD_DATA_TYPE',
      'an object with values, shape',
    ],
    ['an array as one of several inputs', { inputs: { left: [1, 2] } }, 'KD_DATA_TYPE', 'data.inputs.left'],
    ['values without a shape', { labels: { values: new Int32Array(6) } }, 'KD_DATA_TYPE', 'data.labels'],
    [
      'a shape of fractions',
      { labels: { values: new Int32Array(6), shape: [1.5, 4] } },
      'KD_DATA_TYPE',
      'data.labels',
    ],
    [
      'a shape of another size',
      { labels: { values: new Int32Array(6), shape: [3] } },
      'KD_TENSOR_SHAPE',
      'data.labels.shape',
      '[3]',
    ],
    ['null labels', { labels: null }, 'KD_DATA_TYPE', 'data.labels'],
    ['a string as labels', { labels: 'cats' }, 'KD_DATA_TYPE', '"cats"'],
    [
      'disposed labels',
      { labels: disposed },
      'KD_TENSOR_TYPE',
      'data.labels',
      'a disposed float32 tensor [6]',
    ],
    [
      'labels of strings',
      { labels: tensor(['a', 'b', 'c', 'd', 'e', 'f']) },
      'KD_TENSOR_DTYPE',
      'data.labels',
    ],
    ['complex inputs', { inputs: complex([1, 2, 3], [1, 2, 3]) }, 'KD_TENSOR_DTYPE', 'data.inputs'],
    ['a scalar as labels', { labels: scalar(1) }, 'KD_TENSOR_SHAPE', 'data.labels'],
    ['too few labels', { labels: new Int32Array(5) }, 'KD_DATA_LENGTH', 'data.labels', '5'],
    ['labels twice', { targets: { labels: good.labels } }, 'KD_OPTION_TYPE', 'data.labels'],
    ['a tensor as targets', { targets: tensor1d([1]) }, 'KD_DATA_TYPE', 'data.targets'],
    ['null targets', { targets: null }, 'KD_DATA_TYPE', 'data.targets'],
    ['a target that is not a column', { targets: { depth: 'deep' } }, 'KD_DATA_TYPE', 'data.targets.depth'],
    [
      'a target of another length',
      { targets: { depth: new Float32Array(7) } },
      'KD_DATA_LENGTH',
      'data.targets.depth',
    ],
    [
      'weights of another length',
      { sampleWeight: new Float32Array(1) },
      'KD_DATA_LENGTH',
      'data.sampleWeight',
    ],
    ['ids that are not an array', { ids: 'abcdef' }, 'KD_DATA_TYPE', 'data.ids', '"abcdef"'],
    ['ids that are numbers', { ids: ['a', 'b', 3, 'd', 'e', 'f'] }, 'KD_DATA_TYPE', 'data.ids[2]', '3'],
    ['too few ids', { ids: ['a'] }, 'KD_DATA_LENGTH', 'data.ids', '1'],
    [
      'inputs of another shape',
      { inputs: { values: new Float32Array(18), shape: [6, 3] } },
      'KD_TENSOR_SHAPE',
      'batch.inputs.input',
    ],
    [
      'a label of a fourth class',
      { labels: new Int32Array([0, 0, 0, 0, 0, 3]) },
      'KD_LABEL_RANGE',
      'row 5 of targets.labels',
      '3',
    ],
    ['labels of another shape', { labels: zeros([6, 2]) }, 'KD_TENSOR_SHAPE', 'targets.labels'],
    [
      'a negative weight',
      { sampleWeight: new Float32Array([1, 1, -1, 1, 1, 1]) },
      'KD_WEIGHT_RANGE',
      'sampleWeight[2]',
    ],
    ['weights of zero only', { sampleWeight: new Float32Array(6) }, 'KD_WEIGHT_RANGE', 'zeros only'],
    [
      'marks that are neither 0 nor 1',
      { labelled: new Float32Array([1, 1, 1, 0.5, 1, 1]) },
      'KD_WEIGHT_RANGE',
      'labelled[3]',
    ],
    ['no labels', { labels: undefined }, 'KD_TERM_NEEDS', 'batch.targets'],
  ];
  it.each(cases)('%s: before the first step', async (_, change, code, ...facts) => {
    let made = 0;
    const model = net();
    const before = weightsOf(model);
    const optimizer = (): ReturnType<typeof optimizers.sgd> => {
      made += 1;
      return optimizers.sgd(1);
    };
    const data = { ...good, ...change } as InMemoryData;
    await expectNoLeak(() =>
      expectKdError(() => train(onLabels(model), options(data, { optimizer })), code, ...facts),
    );
    expect(weightsOf(model)).toEqual(before);
    expect(made).toBe(0);
  });

  it('several inputs, one with another length, although a target has its name', async () => {
    const data = {
      inputs: { left: zeros([6, 1]), right: zeros([5, 1]) },
      targets: { right: zeros([6]) },
      labels: good.labels,
    };
    await expectKdError(
      () => train(onLabels(twoInputs()), options(data as InMemoryData)),
      'KD_DATA_LENGTH',
      'data.inputs.right',
      '5',
    );
  });

  it('several inputs, one with another length, although a target has its name', async () => {
    const data = { inputs: { left: zeros([6, 1]), centre: zeros([6, 1]) }, labels: good.labels };
    await expectKdError(
      () => train(onLabels(twoInputs()), options(data as InMemoryData)),
      'KD_INPUT_MISSING',
      'batch.inputs',
      'left, centre',
    );
  });

  it('a label far down in a large set', async () => {
    const labels = new Int32Array(9000);
    labels[8500] = 9;
    const data = { inputs: { values: new Uint8Array(18_000), shape: [9000, 2] }, labels };
    await expectKdError(
      () => train(onLabels(net()), options(data)),
      'KD_LABEL_RANGE',
      'the term "hard", rows from 8192 on',
      'row 308 of targets.labels',
    );
    // In one chunk, because weights are judged as a whole.
    const sampleWeight = new Float32Array(9000);
    sampleWeight[8999] = 1;
    await expectKdError(
      () => train(onLabels(net()), options({ ...data, sampleWeight })),
      'KD_LABEL_RANGE',
      'the term "hard"',
      'row 8500 of targets.labels',
    );
  });
});
