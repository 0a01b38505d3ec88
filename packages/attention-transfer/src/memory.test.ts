// Every public function cleans up after itself, outside tf.tidy and under the tape.
import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { backends, expectKdError, expectNoLeak, useBackend } from '@kd/testing';
import { grad, tensor2d } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { features } from '../test/features.js';
import { termBatch } from '../test/term-batch.js';
import * as api from './index.js';

const ofMaps = () => [features([2, 3, 5, 2], 1), features([2, 4, 3, 1], 2)] as const;
const ofEqualMaps = () => [features([2, 3, 5, 2], 1), features([2, 3, 5, 1], 2)] as const;
const ofRows = () => [tensor2d([[0.6, 0.8]]), tensor2d([[1, 0]])] as const;
const { attentionTransferLoss, meanSquaredDifference } = api;

type Call = readonly [given: () => readonly [Tensor, Tensor], loss: (t: Tensor, s: Tensor) => Tensor];
const calls: Readonly<Record<string, Call>> = {
  attentionMap: [ofMaps, (_, s) => api.attentionMap(s, { power: 3 })],
  attentionTransferLoss: [ofMaps, (t, s) => attentionTransferLoss(t, s)],
  'attentionTransferLoss without pooling': [
    ofEqualMaps,
    (t, s) => attentionTransferLoss(t, s, { power: 1, distance: meanSquaredDifference }),
  ],
  euclideanDistance: [ofRows, api.euclideanDistance],
  meanSquaredDifference: [ofRows, meanSquaredDifference],
};

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(Object.entries(calls))('%s leaves no tensor but its result', async (_name, [given, loss]) => {
    await expectNoLeak(() => {
      const [t, s] = given();
      loss(t, s).dispose();
      for (const tensor of [t, s]) {
        expect(tensor.isDisposed).toBe(false);
        tensor.dispose();
      }
    });
  });

  it.each(Object.entries(calls))('%s leaves nothing behind a gradient', async (_name, [given, loss]) => {
    await expectNoLeak(() => {
      const [t, s] = given();
      grad((x: Tensor) => loss(t, x))(s).dispose();
      for (const tensor of [t, s]) tensor.dispose();
    });
  });

  it('attentionTransfer leaves nothing but the values of its loss', async () => {
    await expectNoLeak(() => {
      const [t, s] = ofMaps();
      const batch = termBatch(s, t);
      api.attentionTransfer({ student: 'a', teacher: 'b' }).loss(batch).values.dispose();
      for (const tensor of [t, s, batch.student.output]) tensor.dispose();
    });
  });

  it('a distance that is none leaves nothing', async () => {
    await expectNoLeak(async () => {
      const [t, s] = ofMaps();
      const distance = (_: Tensor, map: Tensor): Tensor => map;
      await expectKdError(() => attentionTransferLoss(t, s, { distance }), 'KD_TENSOR_SHAPE');
      for (const tensor of [t, s]) tensor.dispose();
    });
  });
});

it('covers every function', () => {
  expect([...Object.keys(calls), 'attentionTransfer']).toEqual(expect.arrayContaining(Object.keys(api)));
});
