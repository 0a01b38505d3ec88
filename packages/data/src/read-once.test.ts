import type { Batch } from '@kd/core';
import { tensorsOfBatch } from '@kd/core';
import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Data } from './data.js';
import { readOnce } from './read-once.js';

await useBackend('cpu');

/** What each batch has: inputs, labels, ids. */
async function contents(data: Data, batchSize = 2): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const batch of readOnce('test', 'options.data', data, batchSize)) {
    const { inputs, targets, ids } = batch;
    seen.push([
      ...tensorsOfBatch({ inputs, ...(targets && { targets }) }).map((each) => each.arraySync()),
      ids,
    ]);
    dispose(tensorsOfBatch(batch));
  }
  return seen;
}

const batchOf = (...rows: number[]): Batch => ({
  inputs: { x: tensor1d(rows) },
  targets: { labels: tensor1d(rows, 'int32') },
  ids: rows.map(String),
});
const expected = [
  [
    [4, 5],
    [4, 5],
    ['4', '5'],
  ],
  [[6], [6], ['6']],
];

describe('readOnce', () => {
  it('returns the same batches from examples in memory, batches, and a function', async () => {
    const inMemory = {
      inputs: Float32Array.of(4, 5, 6),
      labels: Int32Array.of(4, 5, 6),
      ids: ['4', '5', '6'],
    };
    await expectNoLeak(async () => {
      expect(await contents(inMemory)).toEqual(expected);
      expect(await contents([batchOf(4, 5), batchOf(6)])).toEqual(expected);
      expect(
        await contents(function* (context) {
          expect(context).toEqual({ epoch: 0, seed: 0, skip: 0 });
          yield batchOf(4, 5);
          yield batchOf(6);
        }),
      ).toEqual(expected);
    });
  });

  it('accepts batches without inputs if they have ids', async () => {
    expect(await contents([{ inputs: {}, ids: ['a', 'b'] }])).toEqual([[['a', 'b']]]);
  });

  it.each<[string, () => unknown, string, string]>([
    ['a number', () => 3, 'KD_DATA_TYPE', 'options.data'],
    ['text, which can be gone through', () => 'abc', 'KD_DATA_TYPE', '"abc"'],
    ['a function of something else', () => () => 3, 'KD_DATA_TYPE', 'what options.data returns'],
    ['no batch', () => [], 'KD_BATCH_EMPTY', 'the stream of epoch 0'],
    ['ids of another number', () => [{ ...batchOf(1), ids: ['a', 'b'] }], 'KD_DATA_LENGTH', 'batch.ids'], // prettier-ignore
    ['an empty id', () => [{ ...batchOf(1), ids: [''] }], 'KD_DATA_TYPE', 'batch.ids[0]'],
    ['ids that are text', () => [{ inputs: {}, ids: 'ab' }], 'KD_DATA_TYPE', 'batch.ids'],
  ])('refuses %s, and leaves no tensor behind', async (_, data, code, message) => {
    await expectNoLeak(() => expectKdError(() => contents(data() as Data), code, message));
  });
});
