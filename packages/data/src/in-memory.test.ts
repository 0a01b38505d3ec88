import { expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { dispose } from '@tensorflow/tfjs-core';
import { tensorsOfBatch } from '@kd/core';
import { expect, it } from 'vitest';
import { examplesInMemory } from './in-memory.js';
import type { InMemoryData } from './data.js';

await useBackend('cpu');

const data = {
  inputs: { left: Float32Array.of(1, 2, 3), right: Uint8Array.of(4, 5, 6) },
  labels: Int32Array.of(0, 1, 2),
  targets: { depth: Float32Array.of(7, 8, 9) },
  sampleWeight: Float32Array.of(0.5, 1, 2),
  labelled: Uint8Array.of(1, 0, 1),
  mask: { values: Float32Array.of(1, 1, 0), shape: [3, 1] },
  ids: ['a', 'b', 'c'],
};

it('takes the rows of every column and the ids in the requested order', async () => {
  await expectNoLeak(() => {
    const [first, second, ...more] = examplesInMemory('test', 'data', data).batches(
      Int32Array.of(2, 0, 1),
      2,
    );
    expect(more).toEqual([]);
    expect(tensorsOfBatch(first as never).map((each) => [each.dtype, each.arraySync()])).toEqual([
      ['float32', [3, 1]],
      ['float32', [6, 4]],
      ['int32', [2, 0]],
      ['float32', [9, 7]],
      ['int32', [2, 0]],
      ['float32', [2, 0.5]],
      ['float32', [1, 1]],
      ['float32', [[0], [1]]],
    ]);
    expect([first?.ids, second?.ids]).toEqual([['c', 'a'], ['b']]);
    dispose([first, second].flatMap((batch) => tensorsOfBatch(batch as never)));
  });
});

it('returns everything except the inputs in parts, in the order of the data', () => {
  const parts = [...examplesInMemory('test', 'data', data).targets(2)];
  expect(parts.map(({ ids, targets }) => [ids, targets?.['labels']?.arraySync()])).toEqual([
    [
      ['a', 'b'],
      [0, 1],
    ],
    [['c'], [2]],
  ]);
  expect(parts[0]).not.toHaveProperty('inputs');
});

it.each<[string, object, string, ...string[]]>([
  ['inputs without a column', { inputs: {} }, 'KD_BATCH_EMPTY', 'my.data.inputs'],
  ['labels without inputs', { inputs: {}, labels: data.labels }, 'KD_BATCH_EMPTY', 'my.data.inputs'],
  ['a shorter column', { mask: Float32Array.of(1) }, 'KD_DATA_LENGTH', 'my.data.mask', '1'], // prettier-ignore
  ['fewer ids', { ids: ['a'] }, 'KD_DATA_LENGTH', 'my.data.ids'],
  ['an unknown part', { label: data.labels }, 'KD_OPTION_UNKNOWN', 'my.data.label'],
  ['two sets of labels', { targets: { labels: data.labels } }, 'KD_OPTION_TYPE', 'my.data.labels'],
])('refuses %s', async (_, change, code, ...facts) => {
  const given = { ...data, ...change } as InMemoryData;
  await expectKdError(() => examplesInMemory('test', 'my.data', given), code, ...facts);
});
