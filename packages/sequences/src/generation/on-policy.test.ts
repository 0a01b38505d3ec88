import { dispose, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { tensorsOfBatch } from '@kd/core';
import type { Batch } from '@kd/core';
import type { BatchStream } from '@kd/data';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { onPolicy } from './on-policy.js';

/** Finds token i + 1 likely after token i, of five. */
function counting(): ReturnType<typeof sequential> {
  const after = layers.embedding({ inputDim: 5, outputDim: 5, inputShape: [null] });
  const model = sequential({ layers: [after] });
  const next = (token: number): number[] =>
    Array.from({ length: 5 }, (_, id) => (id === (token + 1) % 5 ? 9 : 0));
  after.setWeights([tensor2d([0, 1, 2, 3, 4].map(next))]);
  return model;
}

const texts = [[[0, 0, 0, 0], [3, 3, 3, 3]], [[1, 1, 1, 1], [2, 2, 2, 2]]]; // prettier-ignore

const stream: BatchStream = function* ({ skip }) {
  for (const [index, text] of texts.slice(skip).entries()) {
    const tokens = tensor2d(text, undefined, 'int32');
    yield {
      inputs: { tokens },
      targets: { labels: tokens.clone() },
      ids: text.map((_, row) => `${String(index)} ${String(row)}`),
      sampleWeight: tensor1d(text.map((_, row) => row + 1)),
    };
  }
};

const context = { epoch: 0, seed: 1, skip: 0 };
const greedy = { share: 1, promptLength: 2, topK: 1 };

async function read(from: BatchStream, given = context): Promise<Record<string, unknown>[]> {
  const seen: Record<string, unknown>[] = [];
  for await (const batch of from(given)) {
    const { inputs, targets, ids, labelled, mask, sampleWeight } = batch;
    seen.push({
      tokens: await inputs['tokens']?.array(),
      dtype: inputs['tokens']?.dtype,
      labels: await targets?.['labels']?.array(),
      labelled: await labelled?.array(),
      mask: await mask?.array(),
      sampleWeight: await sampleWeight?.array(),
      ids,
    });
    dispose(tensorsOfBatch(batch));
  }
  return seen;
}

describe('onPolicy', () => {
  beforeAll(() => useBackend('cpu'));

  it('keeps the prompt, and has the student write the rest and what comes after', async () => {
    const [first] = await read(onPolicy(counting(), stream, greedy));
    expect(first).toEqual({
      tokens: [[0, 0, 1, 2], [3, 3, 4, 0]], // prettier-ignore
      dtype: 'int32',
      labels: [[0, 1, 2, 3], [3, 4, 0, 1]], // prettier-ignore
      labelled: [0, 0],
      // The second token is the last that is given: it predicts the first that is drawn.
      mask: [[0, 1, 1, 1], [0, 1, 1, 1]], // prettier-ignore
      sampleWeight: [1, 2],
      ids: undefined,
    });
  });

  it('leaves the other batches as they are', async () => {
    const untouched = await read(stream);
    expect(await read(onPolicy(counting(), stream, { ...greedy, share: 0 }))).toEqual(untouched);
    const half = onPolicy(counting(), stream, { ...greedy, share: 0.5 });
    const counts = await Promise.all(
      Array.from({ length: 50 }, async (_, seed) => {
        const batches = await read(half, { ...context, seed });
        return batches.filter(({ ids }) => ids === undefined).length;
      }),
    );
    const written = counts.reduce((sum, count) => sum + count, 0);
    expect(written).toBeGreaterThan(35);
    expect(written).toBeLessThan(65);
  });

  it('draws alike after an interruption, and otherwise in another epoch', async () => {
    const drawing = onPolicy(counting(), stream, { ...greedy, topK: 5, temperature: 20 });
    const whole = await read(drawing);
    expect(await read(drawing, { ...context, skip: 1 })).toEqual(
      whole.slice(1).map((batch) => ({ ...batch })),
    );
    expect(await read(drawing, { ...context, seed: 2 })).not.toEqual(whole);
  });

  it('leaves no tensors behind', async () => {
    const model = counting();
    await expectNoLeak(async () => {
      await read(onPolicy(model, stream, greedy));
    });
  });

  const of =
    (batch: () => Batch): BatchStream =>
    () => [batch()];
  const tokens = () => tensor2d([[0, 1, 2], [0, 0, 0]], undefined, 'int32'); // prettier-ignore
  it.each<[string, () => Batch, string, ...string[]]>([
    ['several inputs', () => ({ inputs: { a: tokens(), b: tokens() } }), 'KD_TENSOR_SHAPE', 'a [2,3], b [2,3]'],
    ['labels of another shape', () => ({ inputs: { a: tokens() }, targets: { labels: tensor2d([[1], [1]]) } }), 'KD_TENSOR_SHAPE', 'labels'],
    ['padding within the prompt', () => ({ inputs: { a: tokens() }, mask: tensor2d([[1, 1, 1], [1, 0, 0]]) }), 'KD_OPTION_RANGE', 'at most 1', '2'],
    ['a sequence shorter than the prompt', () => ({ inputs: { a: tensor2d([[0]]) } }), 'KD_OPTION_RANGE', 'at most 1', '2'],
  ])('refuses %s', async (_, batch, code, ...facts) => {
    await expectKdError(() => read(onPolicy(counting(), of(batch), greedy)), code, ...facts);
  }); // prettier-ignore

  it.each<[string, object, string, string]>([
    ['λ above 1', { share: 1.5 }, 'KD_OPTION_RANGE', 'options.share'],
    ['no prompt', { promptLength: 0 }, 'KD_OPTION_RANGE', 'options.promptLength'],
    ['an unknown option', { lambda: 1 }, 'KD_OPTION_UNKNOWN', 'options.lambda'],
  ])('refuses %s', async (_, options, code, fact) => {
    await expectKdError(() => onPolicy(counting(), stream, { ...greedy, ...options }), code, fact);
  });
});
