import type { Batch } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { memory, tensor1d, tensor2d, tensor3d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { net, numbersOf, onLabels, options, recorder, watching, weightsOf } from '../../test/small.js';
import { train } from '../index.js';
import type { BatchStream, StreamContext, RepeatableData } from '@kd/data';

await useBackend('cpu');

/** A batch of two examples, without the parts that `more` gives. */
const batchOf = (row: number, more: Partial<Batch> = {}): Batch => ({
  ...more,
  inputs: more.inputs ?? {
    x: tensor2d([
      [row, 1],
      [1, -row],
    ]),
  },
  targets: 'targets' in more ? more.targets : { labels: tensor1d([row % 3, (row + 1) % 3], 'int32') },
});

/** Options without a batch size, which streams refuse. */
const streamed = (
  data: RepeatableData,
  more: Parameters<typeof options>[1] = {},
): Parameters<typeof train>[1] => {
  const { batchSize, ...rest } = options(data, more);
  return batchSize === undefined ? rest : rest;
};

const weightsAfter = async (stream: BatchStream, more = {}): Promise<number[]> => {
  const model = net();
  await train(onLabels(model), streamed(stream, { epochs: 2, ...more }));
  return numbersOf(model);
};

describe('a stream', () => {
  it('may be a generator, an async generator or an array, and gives one step per batch', async () => {
    const expected = await weightsAfter(() => [batchOf(0), batchOf(1)]);
    const sync: BatchStream = function* () {
      yield batchOf(0);
      yield batchOf(1);
    };
    const async: BatchStream = async function* () {
      await Promise.resolve();
      yield batchOf(0);
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield batchOf(1);
    };
    for (const stream of [sync, async]) expect(await weightsAfter(stream)).toEqual(expected);
    expect(await weightsAfter(() => [batchOf(1), batchOf(0)])).not.toEqual(expected);
  });

  it('receives the epoch and a seed that depends on it and on the run', async () => {
    const contextsWith = async (seed: number): Promise<StreamContext[]> => {
      const contexts: StreamContext[] = [];
      const stream: BatchStream = (context) => {
        contexts.push(context);
        return [batchOf(0)];
      };
      await train(onLabels(net()), streamed(stream, { epochs: 3, seed }));
      return contexts;
    };
    const [first, second] = [await contextsWith(1), await contextsWith(2)];
    expect(first.map(({ epoch, skip }) => [epoch, skip])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    expect(new Set([...first, ...second].map(({ seed }) => seed)).size).toBe(6);
    expect(await contextsWith(1)).toEqual(first);
  });

  it('is cut off by stepsPerEpoch if it is endless, and closed', async () => {
    let [made, closed] = [0, 0];
    const endless: BatchStream = function* () {
      try {
        for (;;) yield batchOf(made++);
      } finally {
        closed += 1;
      }
    };
    const { of, onEvent } = recorder();
    const run = await train(onLabels(net()), streamed(endless, { epochs: 3, stepsPerEpoch: 4, onEvent }));
    expect(run.history.map(({ step }) => step)).toEqual([4, 8, 12]);
    expect(of('start')[0]?.stepsPerEpoch).toBe(4);
    // Every batch that is read is trained on.
    expect([made, closed]).toEqual([12, 3]);
  });

  it('ends its epochs by itself with fewer batches than stepsPerEpoch', async () => {
    const run = await train(
      onLabels(net()),
      streamed(() => [batchOf(0)], { epochs: 2, stepsPerEpoch: 5 }),
    );
    expect(run.history.map(({ step }) => step)).toEqual([1, 2]);
  });

  it('has no known length', async () => {
    const { of, onEvent } = recorder();
    await train(
      onLabels(net()),
      streamed(() => [batchOf(0)], { onEvent }),
    );
    expect(of('start')[0]).toHaveProperty('stepsPerEpoch', undefined);
  });

  it('gives its batches to the trainer, which disposes each after its step', async () => {
    const batches: Batch[] = [];
    const tensorsOf = ({ inputs, targets, sampleWeight, labelled }: Batch): Tensor[] =>
      [inputs['x'], targets?.['labels'], sampleWeight, labelled].filter((tensor) => tensor !== undefined);
    const stream: BatchStream = function* () {
      for (let row = 0; row < 3; row++) {
        const batch = batchOf(row, {
          sampleWeight: tensor1d([1, 2]),
          labelled: tensor1d([1, 0]),
          ids: ['a', 'b'],
        });
        for (const earlier of batches)
          for (const tensor of tensorsOf(earlier)) expect(tensor.isDisposed).toBe(true);
        batches.push(batch);
        yield batch;
      }
    };
    await expectNoLeak(async () => {
      const model = net();
      const seen: unknown[] = [];
      const watched = watching((batch) => seen.push(batch));
      await train(defineRecipe({ student: { model, convention: 'logits' }, ...watched }), streamed(stream));
      expect(seen).toEqual(batches);
      model.dispose();
    });
    expect(batches.flatMap(tensorsOf).filter((tensor) => !tensor.isDisposed)).toEqual([]);
  });
});

describe('a wrong stream', () => {
  const failing = async (stream: unknown, code: string, ...facts: string[]): Promise<void> => {
    const model = net();
    const before = weightsOf(model);
    const tensors = memory().numTensors;
    await expectKdError(() => train(onLabels(model), streamed(stream as BatchStream)), code, ...facts);
    expect(memory().numTensors).toBe(tensors);
    expect(weightsOf(model)).toEqual(before);
  };

  it('returns nothing that can be iterated', async () => {
    const argument = 'what options.data returns';
    await failing(() => undefined, 'KD_DATA_TYPE', argument, 'undefined');
    await failing(() => Promise.resolve([]), 'KD_DATA_TYPE', argument);
    await failing(() => ({ next: () => ({ done: true }) }), 'KD_DATA_TYPE', argument, 'next');
  });

  it('gives no batches, or none in the second epoch', async () => {
    await failing(() => [], 'KD_BATCH_EMPTY', 'train', 'the stream of epoch 0', 'none');
    const once = [batchOf(0)].values();
    await expectKdError(
      () =>
        train(
          onLabels(net()),
          streamed(() => once, { epochs: 2 }),
        ),
      'KD_BATCH_EMPTY',
      'the stream of epoch 1',
    );
  });

  it.each<[string, () => unknown, string, ...string[]]>([
    ['nothing', () => undefined, 'KD_OPTION_TYPE', 'train', 'batch', 'undefined'],
    ['a tensor', () => tensor1d([1]), 'KD_OPTION_UNKNOWN', 'batch.kept'],
    ['{ xs, ys }', () => ({ xs: tensor1d([1]), ys: tensor1d([1]) }), 'KD_OPTION_UNKNOWN', 'batch.xs'],
    [
      'labels at the top',
      () => ({ inputs: { x: tensor2d([[1, 1]]) }, labels: tensor1d([0]) }),
      'KD_OPTION_UNKNOWN',
      'batch.labels',
    ],
    [
      'no inputs',
      () => ({ targets: { labels: tensor1d([1]) } }),
      'KD_DATA_TYPE',
      'batch.inputs',
      'undefined',
    ],
    [
      'one tensor as inputs',
      () => ({ inputs: tensor2d([[1, 1]]) }),
      'KD_TENSOR_TYPE',
      'batch.inputs.kept',
      'false',
    ],
    [
      'arrays as inputs',
      () => ({ inputs: { x: [[1, 1]] } }),
      'KD_TENSOR_TYPE',
      'batch.inputs.x',
      'an array of length 1',
    ],
    ['null targets', () => batchOf(0, { targets: null as never }), 'KD_DATA_TYPE', 'batch.targets', 'null'],
    [
      'weights that are not a tensor',
      () => batchOf(0, { sampleWeight: [1, 1] as never }),
      'KD_TENSOR_TYPE',
      'batch.sampleWeight',
      'an array of length 2',
    ],
    [
      'ids that are not an array',
      () => batchOf(0, { ids: 'ab' as never }),
      'KD_DATA_TYPE',
      'batch.ids',
      '"ab"',
    ],
    [
      'no examples',
      () => ({ inputs: { x: tensor2d([], [0, 2]) }, targets: { labels: tensor1d([], 'int32') } }),
      'KD_BATCH_EMPTY',
      'batch',
    ],
    [
      'fewer labels than inputs',
      () => batchOf(0, { targets: { labels: tensor1d([0], 'int32') } }),
      'KD_DATA_LENGTH',
      'targets.labels',
    ],
    [
      'inputs of another shape',
      () => batchOf(0, { inputs: { x: tensor3d([1, 2], [2, 1, 1]) } }),
      'KD_TENSOR_SHAPE',
      'batch.inputs.x',
    ],
    [
      'an integer weight',
      () => batchOf(0, { sampleWeight: tensor1d([1, 1], 'int32') }),
      'KD_TENSOR_DTYPE',
      'sampleWeight',
    ],
    [
      'a weight of infinity',
      () => batchOf(0, { sampleWeight: tensor1d([1, Infinity]) }),
      'KD_WEIGHT_RANGE',
      'sampleWeight[1]',
    ],
  ])('gives %s as a batch', async (_, batch, code, ...facts) => {
    // Made before the tensors are counted: whoever fails has to dispose what it received.
    await failing(() => [batch()], code, ...facts);
  });

  it('has a label out of range in its third batch, which is found before its step', async () => {
    const model = net();
    const afterStep: Record<number, unknown> = {};
    const bad = (): Batch => batchOf(0, { targets: { labels: tensor1d([1, 3], 'int32') } });
    const stream: BatchStream = function* () {
      yield batchOf(0);
      yield batchOf(1);
      yield bad();
    };
    const onEvent = recorder();
    const tensors = memory().numTensors;
    await expectKdError(
      () =>
        train(
          onLabels(model),
          streamed(stream, {
            onEvent: (event) => {
              onEvent.onEvent(event);
              if (event.type === 'step') afterStep[event.step] = weightsOf(model);
            },
            optimizer: () => optimizers.adam(0.1),
          }),
        ),
      'KD_LABEL_RANGE',
      'row 1 of targets.labels',
      '3',
    );
    expect(onEvent.events.map(({ type }) => type)).toEqual(['start', 'step', 'step']);
    expect(weightsOf(model)).toEqual(afterStep[1]);
    expect(memory().numTensors).toBe(tensors);
  });

  it('throws: the training rejects with the error, and leaks nothing', async () => {
    const stream: BatchStream = async function* () {
      yield batchOf(0);
      await Promise.resolve();
      throw new Error('disk is gone');
    };
    const model = net();
    await expectNoLeak(() =>
      expect(train(onLabels(model), streamed(stream))).rejects.toThrow('disk is gone'),
    );
  });
});
