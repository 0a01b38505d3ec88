import { defineRecipe } from '@kd/recipe';
import type { Batch } from '@kd/core';
import { hardTarget } from '@kd/soft-target-loss';
import { backends, expectClose, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import {
  memory,
  mean,
  ones,
  sum,
  tensor1d,
  tensor2d,
  train as optimizers,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { examples, net, numbersOf, onLabels, options, recorder, values, weightsOf } from '../test/small.js';
import { train } from './index.js';
import type { Metric, Validation } from './index.js';
import type { BatchStream, InMemoryData } from '@kd/data';

await useBackend('cpu');

const tolerance = { relative: 1e-4, absolute: 1e-5 };
const withNoise = (): LayersModel => net(1, [layers.batchNormalization({}), layers.dropout({ rate: 0.9 })]);
const heldOut = examples(11);

/** Cross-entropy and accuracy of a model at T = 1, in plain numbers. */
function byHand(model: LayersModel, weights: readonly number[]): { loss: number; accuracy: number } {
  const logits = values(model.predict(tensor2d(heldOut.inputs.values, [11, 2])) as Tensor);
  const total = weights.reduce((a, b) => a + b, 0);
  const result = { loss: 0, accuracy: 0 };
  weights.forEach((weight, row) => {
    const z = logits.slice(3 * row, 3 * row + 3);
    const id = heldOut.labels[row] ?? 0;
    const entropy = Math.log(z.reduce((all, each) => all + Math.exp(each), 0)) - (z[id] ?? 0);
    result.loss += (weight / total) * entropy;
    result.accuracy += (weight / total) * Number(z.indexOf(Math.max(...z)) === id);
  });
  return result;
}

describe.each(backends)('validation on %s', (backend) => {
  it('measures the whole set at T = 1 in inference mode, weighted', async () => {
    await useBackend(backend);
    const weights = [1, 2, 0, 0.5, 3, 1, 1, 0, 4, 2, 1];
    for (const sampleWeight of [undefined, new Float32Array(weights)]) {
      const model = withNoise();
      const data = { ...heldOut, ...(sampleWeight === undefined ? {} : { sampleWeight }) };
      for (const batchSize of [3, 100]) {
        const validation = { data, batchSize };
        const run = await train(onLabels(model), options(examples(8), { epochs: 2, validation }));
        // The model has the weights of the best epoch.
        const { loss, accuracy } = byHand(
          model,
          sampleWeight === undefined ? Array<number>(11).fill(1) : weights,
        );
        const record = run.history[run.bestEpoch ?? -1]?.validation ?? {};
        expect(Object.keys(record)).toEqual(['loss', 'accuracy']);
        expectClose([record['loss'] ?? NaN, record['accuracy'] ?? NaN], [loss, accuracy], tolerance);
      }
    }
    await useBackend('cpu');
  });
});

describe('validation', () => {
  it('changes nothing: a run with it takes the same steps as one without', async () => {
    const [plain, judged] = [withNoise(), withNoise()];
    const after: number[][] = [];
    await train(onLabels(plain), options(examples(8), { epochs: 3 }));
    const onEpochEnd = (): number => after.push(numbersOf(judged));
    await train(
      onLabels(judged),
      options(examples(8), { epochs: 3, validation: { data: heldOut }, callbacks: [{ onEpochEnd }] }),
    );
    expect(after[2]).toEqual(numbersOf(plain));
  });

  it('reads the examples in the order of the data', async () => {
    const ids = Array.from({ length: 11 }, (_, row) => String(row));
    const seen: string[] = [];
    const metrics: Metric = ({ output }, batch) => {
      seen.push(...(batch.ids ?? []));
      return { loss: sum(output, 1) };
    };
    await train(
      onLabels(net()),
      options(examples(8), { validation: { data: { ...heldOut, ids }, metrics } }),
    );
    expect(seen).toEqual([...ids.slice(0, 4), ...ids]);
  });

  it('uses the batch size of the training, or its own', async () => {
    const sizesWith = async (more: Partial<Validation>): Promise<number[]> => {
      const sizes: number[] = [];
      const metrics: Metric = ({ output }) => {
        sizes.push(...output.shape.slice(0, 1));
        return { loss: sum(output, 1) };
      };
      await train(onLabels(net()), options(examples(8), { validation: { data: heldOut, metrics, ...more } }));
      return sizes;
    };
    // The first batch once more before the first step, to find mistakes early.
    expect(await sizesWith({})).toEqual([4, 4, 4, 3]);
    expect(await sizesWith({ batchSize: 6 })).toEqual([6, 6, 5]);
  });

  it('counts labelled examples only, whatever the labels of the others hold', async () => {
    const labelled = new Uint8Array([1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    const labels = Int32Array.from(heldOut.labels, (id, row) => (labelled[row] === 1 ? id : -1));
    const sampleWeight = new Float32Array([2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    const model = net();
    const validation = { data: { ...heldOut, labels, labelled, sampleWeight } };
    const run = await train(onLabels(model), options(examples(8), { validation }));
    const { loss, accuracy } = byHand(model, [2, 0, ...Array<number>(9).fill(1)]);
    const record = run.history[0]?.validation ?? {};
    expectClose([record['loss'] ?? NaN, record['accuracy'] ?? NaN], [loss, accuracy], tolerance);
  });

  it('takes one-hot labels of whole numbers, and checks them like class ids', async () => {
    const oneHot = (id: number): number[] => [0, 1, 2].map((other) => Number(id === other));
    const labels = tensor2d(Array.from(heldOut.labels, oneHot), [11, 3], 'int32');
    const model = net();
    const { of, onEvent } = recorder();
    await expectNoLeak(async () => {
      const validation = { data: { inputs: heldOut.inputs, labels } };
      await train(onLabels(model), options(examples(8), { validation, onEvent }));
    });
    const { loss } = byHand(model, Array<number>(11).fill(1));
    expectClose(of('epoch')[0]?.validation?.['loss'] ?? NaN, loss, tolerance);
  });

  it('may have a first batch without any weight', async () => {
    const sampleWeight = new Float32Array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
    const model = net();
    const run = await train(
      onLabels(model),
      options(examples(8), { validation: { data: { ...heldOut, sampleWeight } } }),
    );
    expectClose(
      run.history[0]?.validation?.['loss'] ?? NaN,
      byHand(model, [...sampleWeight]).loss,
      tolerance,
    );
  });

  it('skips sequences whose mask keeps nothing', async () => {
    const model = net();
    // One position per example: the mask says which count.
    const kept = [1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1];
    const mask = { values: new Float32Array(kept), shape: [11, 1] };
    const run = await train(
      onLabels(model),
      options(examples(8), { validation: { data: { ...heldOut, mask } } }),
    );
    expectClose(run.history[0]?.validation?.['loss'] ?? NaN, byHand(model, kept).loss, tolerance);
  });

  it('refuses a mask whose shape differs from the positions of the output', async () => {
    const model = sequential({ layers: [layers.dense({ units: 3, inputShape: [2, 2] })] });
    const sequences = {
      inputs: { values: new Float32Array(8), shape: [2, 2, 2] },
      labels: { values: new Int32Array(4), shape: [2, 2] },
    };
    const masked = { ...sequences, mask: { values: new Float32Array(6).fill(1), shape: [2, 3] } };
    await expectKdError(
      () => train(onLabels(model), options(sequences, { validation: { data: masked } })),
      'KD_TENSOR_SHAPE',
      'batch.mask',
      '[2,3]',
    );
  });

  it('reads a stream afresh after each epoch, disposes its batches, and checks each', async () => {
    let calls = 0;
    const stream: BatchStream = async function* ({ epoch, seed, skip }) {
      calls += 1;
      expect({ epoch, seed, skip }).toEqual({ epoch: 0, seed: 0, skip: 0 });
      await Promise.resolve();
      for (const [from, to] of [
        [0, 5],
        [5, 11],
      ] as const) {
        const inputs = { x: tensor2d(heldOut.inputs.values.slice(2 * from, 2 * to), [to - from, 2]) };
        yield { inputs, targets: { labels: tensor1d(heldOut.labels.slice(from, to), 'int32') } };
      }
    };
    await expectNoLeak(async () => {
      const model = net();
      const run = await train(
        onLabels(model),
        options(examples(8), { epochs: 2, validation: { data: stream } }),
      );
      expect(calls).toBe(2);
      expect(run.bestEpoch).toBe(1);
      model.dispose();
    });
    const model = net();
    const again = await train(onLabels(model), options(examples(8), { validation: { data: stream } }));
    expectClose(
      again.history[0]?.validation?.['loss'] ?? NaN,
      byHand(model, Array<number>(11).fill(1)).loss,
      tolerance,
    );
  });

  it('takes any metrics, of any dtype, and a score', async () => {
    const metrics: Metric = ({ output, convention }, batch) => {
      expect(convention).toBe('logits');
      return {
        firstLogit: sum(output, 1),
        count: ones(output.shape.slice(0, 1), 'int32'),
        kept: batch.targets?.['keep'] as Tensor,
      };
    };
    const data = { ...heldOut, targets: { keep: tensor1d([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 'bool') } };
    const seen: unknown[] = [];
    const score = (measured: Readonly<Record<string, number>>): number => {
      seen.push(measured);
      return measured['kept'] ?? NaN;
    };
    const model = net();
    const run = await train(onLabels(model), options(examples(8), { validation: { data, metrics, score } }));
    const logits = values(model.predict(tensor2d(heldOut.inputs.values, [11, 2])) as Tensor);
    const { validation: { firstLogit, count, kept } = {} } = run.history[0] ?? {};
    expectClose(
      [firstLogit ?? NaN, count ?? NaN, kept ?? NaN],
      [logits.reduce((a, b) => a + b, 0) / 11, 1, 2 / 11],
      tolerance,
    );
    expect(seen.at(-1)).toBe(run.history[0]?.validation);
    expect(Object.keys(seen[0] as object)).toEqual(['firstLogit', 'count', 'kept']);
  });
});

describe('a validation that cannot work', () => {
  const good: Validation = { data: heldOut };
  const metrics = (result: unknown): { metrics: Metric } => ({ metrics: () => result as never });
  const ofStream = (batch: () => Batch): { data: BatchStream } => ({ data: () => [batch()] });
  it.each<[string, object, string, ...string[]]>([
    ['no data', { data: undefined }, 'KD_DATA_TYPE', 'train', 'options.validation.data'],
    ['an unknown option', { metric: 3 }, 'KD_OPTION_UNKNOWN', 'options.validation.metric'],
    ['an unknown part of the data', { data: { ...heldOut, y: 1 } }, 'KD_OPTION_UNKNOWN', 'data.y'],
    ['too few labels', { data: { ...heldOut, labels: new Int32Array(3) } }, 'KD_DATA_LENGTH', 'data.labels'],
    [
      'inputs of another shape',
      { data: { inputs: zeros([11, 4]), labels: heldOut.labels } },
      'KD_TENSOR_SHAPE',
      'batch.inputs.input',
    ],
    [
      'no labels',
      { data: { inputs: heldOut.inputs } },
      'KD_TERM_NEEDS',
      'validation',
      'batch.targets.labels',
    ],
    [
      'a label of a fourth class',
      { data: { ...heldOut, labels: new Int32Array(11).fill(3) } },
      'KD_LABEL_RANGE',
      'row 0 of targets.labels',
      '3',
    ],
    [
      'a distribution that does not sum to one',
      { data: { ...heldOut, labels: ones([11, 3]) } },
      'KD_LABEL_RANGE',
      'row 0 of targets.labels',
    ],
    [
      'labels of another shape',
      { data: { ...heldOut, labels: zeros([11, 2], 'int32') } },
      'KD_TENSOR_SHAPE',
      'targets.labels',
    ],
    [
      'a negative weight',
      { data: { ...heldOut, sampleWeight: new Float32Array(11).fill(-1) } },
      'KD_WEIGHT_RANGE',
      'sampleWeight[0]',
      '-1',
    ],
    [
      'a mark of 2',
      { data: { ...heldOut, labelled: new Int32Array(11).fill(2) } },
      'KD_WEIGHT_RANGE',
      'labelled[0]',
      '2',
    ],
    [
      'a metric that returns nothing',
      metrics(undefined),
      'KD_OPTION_TYPE',
      'validation',
      'what the metric returns',
      'undefined',
    ],
    ['a metric that returns no values', metrics({}), 'KD_OPTION_TYPE', 'an object with no keys'],
    ['an async metric', metrics(Promise.resolve({})), 'KD_OPTION_TYPE', 'what the metric returns'],
    ['a metric of numbers', metrics({ loss: 3 }), 'KD_TENSOR_TYPE', 'the measurement "loss"', '3'],
    [
      'a metric of a mean',
      { metrics: (({ output }) => ({ loss: mean(output) })) satisfies Metric },
      'KD_TENSOR_SHAPE',
      'the measurement "loss"',
      '[]',
    ],
    [
      'a metric without loss and no score',
      { metrics: (({ output }) => ({ error: sum(output, 1) })) satisfies Metric },
      'KD_OPTION_TYPE',
      'score',
      'undefined',
    ],
    [
      'a score that is not a number',
      { score: () => 'good' },
      'KD_OPTION_TYPE',
      'what score returns',
      '"good"',
    ],
  ])('%s: before the first step', async (_, change, code, ...facts) => {
    const model = net();
    const before = weightsOf(model);
    let made = 0;
    const optimizer = (): ReturnType<typeof optimizers.sgd> => {
      made += 1;
      return optimizers.sgd(1);
    };
    const validation: Validation = { ...good, ...change };
    await expectNoLeak(() =>
      expectKdError(
        () => train(onLabels(model), options(examples(8), { validation, optimizer })),
        code,
        ...facts,
      ),
    );
    expect(weightsOf(model)).toEqual(before);
    expect(made).toBe(0);
  });

  const inputs = (): { x: Tensor } => ({ x: zeros([2, 2]) });
  it.each<[string, object, string, ...string[]]>([
    ['is empty', { data: () => [] }, 'KD_BATCH_EMPTY', 'the stream of epoch 0'],
    [
      'has a label of a fourth class',
      ofStream(() => ({ inputs: inputs(), targets: { labels: tensor1d([0, 3], 'int32') } })),
      'KD_LABEL_RANGE',
      'row 1 of targets.labels',
    ],
    [
      'has no labels',
      ofStream(() => ({ inputs: inputs() })),
      'KD_TERM_NEEDS',
      'validation',
      'batch.targets.labels',
    ],
    [
      'has weights of another length',
      ofStream(() => ({
        inputs: inputs(),
        targets: { labels: tensor1d([0, 1], 'int32') },
        sampleWeight: tensor1d([1]),
      })),
      'KD_TENSOR_SHAPE',
      'validation',
      'batch.sampleWeight',
      '[1]',
    ],
    [
      'has no weight at all',
      ofStream(() => ({
        inputs: inputs(),
        targets: { labels: tensor1d([0, 1], 'int32') },
        sampleWeight: tensor1d([0, 0]),
      })),
      'KD_WEIGHT_RANGE',
      'the sum of all weights',
      '0',
    ],
    ['has other keys', ofStream(() => ({ xs: inputs() }) as never), 'KD_OPTION_UNKNOWN', 'batch.xs'],
  ])('a stream that %s: after the first epoch, and leaks nothing', async (_, change, code, ...facts) => {
    const model = net();
    const { of, onEvent } = recorder();
    const before = memory().numTensors;
    const validation: Validation = { ...good, ...change };
    await expectKdError(
      () => train(onLabels(model), options(examples(8), { validation, onEvent })),
      code,
      ...facts,
    );
    expect(of('step')).toHaveLength(2);
    expect(memory().numTensors).toBe(before);
  });

  it('a metric that throws leaks nothing', async () => {
    let calls = 0;
    const failing: Metric = ({ output }) => {
      if (++calls === 4) throw new Error('no such label');
      return { loss: sum(output, 1) };
    };
    const model = net();
    await expectNoLeak(() =>
      expect(
        train(onLabels(model), options(examples(8), { validation: { data: heldOut, metrics: failing } })),
      ).rejects.toThrow('no such label'),
    );
  });

  it('checks only what it uses: the validation set needs no target that a term alone reads', async () => {
    const model = net();
    const term = hardTarget({ target: 'fine' });
    const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [term] });
    const data: InMemoryData = { ...examples(8), targets: { fine: new Int32Array(8) } };
    const run = await train(recipe, options(data, { validation: { data: heldOut } }));
    expect(run.bestEpoch).toBe(0);
  });
});
