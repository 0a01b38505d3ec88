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

const { rowsToUnitLength, rowsToUnitSum, similarityPreserving, similarityPreservingLoss } = api;
const taps = { student: 'conv_1', teacher: 'conv_2' };
const infos = (student: Shape, teacher: Shape): Infos => ({
  student: { features: { shape: student } },
  teacher: { features: { shape: teacher } },
  datasetSize: undefined,
});

describe.each(backends)('similarityPreserving on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([{}, { normalize: rowsToUnitSum }])(
    'has the loss of its taps, teacher first, with %o',
    async (options) => {
      const term = similarityPreserving({ ...taps, ...options });
      const [teacher, student] = [features([4, 3, 3, 2], 1), features([4, 5], 2)];
      const { values, weights } = lossOf(term, {
        student: { features: student },
        teacher: { features: teacher },
      });
      expect(weights).toBeUndefined();
      expect(values.shape).toEqual([]);
      const loss = (x: Tensor): Tensor => similarityPreservingLoss(teacher, x, options);
      expectClose(await values.data(), await loss(student).array(), { relative: 0, absolute: 0 });
      const gradient = grad(
        (x: Tensor) => lossOf(term, { student: { features: x }, teacher: { features: teacher } }).values,
      )(student);
      expectClose(await gradient.data(), await grad(loss)(student).array(), { relative: 0, absolute: 0 });
    },
  );

  const given = () => [features([3, 2, 5], 1), features([3, 4], 2)] as const;
  const losses: Readonly<Record<string, (teacher: Tensor, student: Tensor) => Tensor>> = {
    similarityPreservingLoss: (t, s) => similarityPreservingLoss(t, s),
    'similarityPreservingLoss by sums': (t, s) =>
      similarityPreservingLoss(t, s, { normalize: rowsToUnitSum }),
    rowsToUnitLength: (_, s) => api.rowsToUnitLength(s),
    rowsToUnitSum: (_, s) => rowsToUnitSum(s),
    similarityPreserving: (t, s) =>
      lossOf(similarityPreserving(taps), { student: { features: s }, teacher: { features: t } }).values,
  };
  it.each(Object.entries(losses))('%s leaks no tensor', async (_name, loss) => {
    await expectNoLeakOfLoss(given, loss);
  });

  it('leaks no tensor if a normalisation does not return rows', async () => {
    await expectNoLeak(async () => {
      const tensors = given();
      const normalize = (rows: Tensor): Tensor => sum(rows, 1);
      await expectKdError(() => similarityPreservingLoss(...tensors, { normalize }), 'KD_TENSOR_SHAPE');
      dispose([...tensors]);
    });
  });

  it('tests every function for leaks', () => {
    expect(Object.keys(losses)).toEqual(expect.arrayContaining(Object.keys(api)));
  });
});

describe('similarityPreserving', () => {
  beforeAll(() => useBackend('cpu'));

  it('describes itself', () => {
    const weight = linear({ from: 3000, to: 0, epochs: 5 });
    expect(similarityPreserving({ ...taps, weight })).toMatchObject({
      name: 'similarity conv_1<-conv_2',
      weight,
      reduces: 'batch',
      reads: { student: { features: 'conv_1' }, teacher: { features: 'conv_2' } },
      settings: { normalize: rowsToUnitLength },
    });
  });

  const fits: readonly (readonly [Shape, Shape])[] = [
    [[null, 10], [null, 8, 8, 64]], // prettier-ignore
    [[null, null, 16], [32, 7]], // prettier-ignore
  ];
  it.each(fits)('accepts taps of %j and %j', (student, teacher) => {
    expect(() => similarityPreserving(taps).check?.(infos(student, teacher))).not.toThrow();
  });

  it('refuses taps without features before the first step', async () => {
    await expectKdError(
      () => similarityPreserving(taps).check?.(infos([null, 8], [null])),
      'KD_TENSOR_SHAPE',
      'similarityPreserving',
      'the taps',
    );
  });

  itRefuses(
    [
      ['no student', () => ({ teacher: 'b' }), 'KD_OPTION_TYPE', 'options.student', 'undefined'],
      ['no teacher', () => ({ student: 'a' }), 'KD_OPTION_TYPE', 'options.teacher', 'undefined'],
      ['a weight < 0', () => ({ ...taps, weight: -1 }), 'KD_OPTION_RANGE', 'options.weight', '-1'],
      ['an empty name', () => ({ ...taps, name: '' }), 'KD_OPTION_TYPE', 'options.name'],
      [
        'a normalisation by name',
        () => ({ ...taps, normalize: 'l1' }),
        'KD_OPTION_TYPE',
        'options.normalize',
      ],
      ['an unknown option', () => ({ ...taps, normalise: 2 }), 'KD_OPTION_UNKNOWN', '"normalize"'],
    ],
    similarityPreserving,
    'similarityPreserving',
  );
});
