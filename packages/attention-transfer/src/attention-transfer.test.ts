import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Infos, Shape } from '@kd/core';
import { linear } from '@kd/schedule';
import {
  backends,
  expectClose,
  expectKdError,
  expectNoLeak,
  expectNoLeakOfLoss,
  features,
  itRefuses,
  lossOf,
  useBackend,
} from '@kd/testing';
import { dispose, grad, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as api from './index.js';

const { attentionTransfer, attentionTransferLoss, euclideanDistance, meanSquaredDifference } = api;
const taps = { student: 'conv_1', teacher: 'conv_2' };
const infos = (student: Shape, teacher: Shape): Infos => ({
  student: { features: { shape: student } },
  teacher: { features: { shape: teacher } },
  datasetSize: undefined,
});

describe.each(backends)('attentionTransfer on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([{}, { power: 4 }, { power: 1, distance: meanSquaredDifference }])(
    'has the loss of its taps, teacher first, with %o',
    async (options) => {
      const term = attentionTransfer({ ...taps, ...options });
      const [teacher, student] = [features([2, 4, 3, 3], 1), features([2, 2, 3, 2], 2)];
      const { values, weights } = lossOf(term, {
        student: { features: student },
        teacher: { features: teacher },
      });
      expect(weights).toBeUndefined();
      expect(values.shape).toEqual([2]);
      const loss = (x: Tensor): Tensor => attentionTransferLoss(teacher, x, options);
      expectClose(await values.data(), await loss(student).array(), { relative: 0, absolute: 0 });
      const gradient = grad((x: Tensor) =>
        sum(lossOf(term, { student: { features: x }, teacher: { features: teacher } }).values),
      )(student);
      expectClose(await gradient.data(), await grad(loss)(student).array(), { relative: 0, absolute: 0 });
    },
  );

  const pair = (teacher: number[], student: number[]) => () =>
    [features(teacher, 1), features(student, 2)] as const;
  const maps = pair([2, 3, 5, 2], [2, 4, 3, 1]);
  const rows = pair([2, 6], [2, 6]);
  const losses: Readonly<Record<string, Parameters<typeof expectNoLeakOfLoss>>> = {
    attentionMap: [maps, (_, s) => api.attentionMap(s, { power: 3 })],
    attentionTransferLoss: [maps, (t, s) => attentionTransferLoss(t, s)],
    'attentionTransferLoss without pooling': [
      pair([2, 3, 5, 2], [2, 3, 5, 1]),
      (t, s) => attentionTransferLoss(t, s, { power: 1, distance: meanSquaredDifference }),
    ],
    euclideanDistance: [rows, api.euclideanDistance],
    meanSquaredDifference: [rows, meanSquaredDifference],
    attentionTransfer: [
      maps,
      (t, s) =>
        lossOf(attentionTransfer(taps), { student: { features: s }, teacher: { features: t } }).values,
    ],
  };
  it.each(Object.entries(losses))('%s leaks no tensor', async (_name, [given, loss]) => {
    await expectNoLeakOfLoss(given, loss);
  });

  it('leaks no tensor if a distance does not return one value per example', async () => {
    await expectNoLeak(async () => {
      const tensors = maps();
      const distance = (_: Tensor, map: Tensor): Tensor => map;
      await expectKdError(() => attentionTransferLoss(...tensors, { distance }), 'KD_TENSOR_SHAPE');
      dispose([...tensors]);
    });
  });

  it('tests every function for leaks', () => {
    expect(Object.keys(losses)).toEqual(expect.arrayContaining(Object.keys(api)));
  });
});

describe('attentionTransfer', () => {
  beforeAll(() => useBackend('cpu'));

  it('describes itself', () => {
    const weight = linear({ from: 1, to: 0, epochs: 5 });
    expect(attentionTransfer({ ...taps, weight })).toMatchObject({
      name: 'attention conv_1<-conv_2',
      weight,
      reduces: 'example',
      reads: { student: { features: 'conv_1' }, teacher: { features: 'conv_2' } },
      settings: { power: 2, distance: euclideanDistance },
    });
  });

  const fits: readonly (readonly [Shape, Shape])[] = [
    [[null, 8, 8, 16], [null, 4, 16, 64]], // prettier-ignore
    [[null, null, null, 16], [32, 4, 4, 64]], // prettier-ignore
  ];
  it.each(fits)('accepts taps of %j and %j', (student, teacher) => {
    expect(() => attentionTransfer(taps).check?.(infos(student, teacher))).not.toThrow();
  });

  it.each([[[null, 16, 64]], [[null, 4, 8, 8, 2]]])(
    'refuses taps of %j before the first step',
    async (shape) => {
      await expectKdError(
        () => attentionTransfer(taps).check?.(infos([null, 8, 8, 64], shape)),
        'KD_TENSOR_SHAPE',
        'attentionTransfer',
        'the taps',
      );
    },
  );

  itRefuses(
    [
      ['no student', () => ({ teacher: 'b' }), 'KD_OPTION_TYPE', 'options.student', 'undefined'],
      ['no teacher', () => ({ student: 'a' }), 'KD_OPTION_TYPE', 'options.teacher', 'undefined'],
      ['a weight < 0', () => ({ ...taps, weight: -1 }), 'KD_OPTION_RANGE', 'options.weight', '-1'],
      ['an empty name', () => ({ ...taps, name: '' }), 'KD_OPTION_TYPE', 'options.name'],
      ['a power below 1', () => ({ ...taps, power: 0.5 }), 'KD_OPTION_RANGE', 'options.power'],
      ['a distance by name', () => ({ ...taps, distance: 'code' }), 'KD_OPTION_TYPE', 'options.distance'],
      ['an unknown option', () => ({ ...taps, powr: 2 }), 'KD_OPTION_UNKNOWN', '"power"'],
    ],
    attentionTransfer,
    'attentionTransfer',
  );
});
