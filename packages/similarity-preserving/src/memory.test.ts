// Every public function cleans up after itself, outside tf.tidy and under the tape.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { grad, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { features } from '../test/features.js';
import { termBatch } from '../test/term-batch.js';
import * as api from './index.js';

const given = () => [features([3, 2, 5], 1), features([3, 4], 2)] as const;
const { rowsToUnitLength, rowsToUnitSum, similarityPreservingLoss } = api;

const calls: Readonly<Record<string, (teacher: Tensor, student: Tensor) => Tensor>> = {
  similarityPreservingLoss: (t, s) => similarityPreservingLoss(t, s),
  'similarityPreservingLoss by sums': (t, s) => similarityPreservingLoss(t, s, { normalize: rowsToUnitSum }),
  rowsToUnitLength: (_, s) => rowsToUnitLength(s),
  rowsToUnitSum: (_, s) => rowsToUnitSum(s),
};

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(Object.entries(calls))('%s leaves no tensor but its result', async (_name, call) => {
    await expectNoLeak(() => {
      const [t, s] = given();
      call(t, s).dispose();
      for (const tensor of [t, s]) {
        expect(tensor.isDisposed).toBe(false);
        tensor.dispose();
      }
    });
  });

  it.each(Object.entries(calls))('%s leaves nothing behind a gradient', async (_name, call) => {
    await expectNoLeak(() => {
      const [t, s] = given();
      grad((x: Tensor) => call(t, x))(s).dispose();
      for (const tensor of [t, s]) tensor.dispose();
    });
  });

  it('similarityPreserving leaves nothing but the value of its loss', async () => {
    await expectNoLeak(() => {
      const [t, s] = given();
      const batch = termBatch(s, t);
      api.similarityPreserving({ student: 'a', teacher: 'b' }).loss(batch).values.dispose();
      for (const tensor of [t, s, batch.student.output]) tensor.dispose();
    });
  });

  it('a normalisation that is none leaves nothing', async () => {
    await expectNoLeak(async () => {
      const [t, s] = given();
      const normalize = (rows: Tensor): Tensor => sum(rows, 1);
      await expectKdError(() => similarityPreservingLoss(t, s, { normalize }), 'KD_TENSOR_SHAPE');
      for (const tensor of [t, s]) tensor.dispose();
    });
  });
});

it('covers every function', () => {
  expect([...Object.keys(calls), 'similarityPreserving']).toEqual(expect.arrayContaining(Object.keys(api)));
});
