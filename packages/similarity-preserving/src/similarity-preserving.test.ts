import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Shape } from '@kd/core';
import { linear } from '@kd/schedule';
import { backends, expectClose, expectKdError, useBackend } from '@kd/testing';
import { grad } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { features } from '../test/features.js';
import { termBatch, termShapes } from '../test/term-batch.js';
import { rowsToUnitSum } from './rows-to-unit-sum.js';
import { similarityPreservingLoss } from './similarity-preserving-loss.js';
import { similarityPreserving } from './similarity-preserving.js';

const taps = { student: 'conv_1', teacher: 'conv_2' };

describe.each(backends)('similarityPreserving on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([{}, { normalize: rowsToUnitSum }])(
    'has the loss of its taps, teacher first, with %o',
    async (options) => {
      const term = similarityPreserving({ ...taps, ...options });
      const [teacher, student] = [features([4, 3, 3, 2], 1), features([4, 5], 2)];
      const { values, weights } = term.loss(termBatch(student, teacher));
      expect(weights).toBeUndefined();
      expect(values.shape).toEqual([]);
      const loss = (x: Tensor): Tensor => similarityPreservingLoss(teacher, x, options);
      expectClose(await values.data(), await loss(student).array(), { relative: 0, absolute: 0 });
      const gradient = grad((x: Tensor) => term.loss(termBatch(x, teacher)).values)(student);
      expectClose(await gradient.data(), await grad(loss)(student).array(), { relative: 0, absolute: 0 });
    },
  );
});

describe('similarityPreserving', () => {
  beforeAll(() => useBackend('cpu'));

  it('says what it is', () => {
    expect(similarityPreserving(taps)).toMatchObject({
      apiVersion: 1,
      name: 'similarity conv_1<-conv_2',
      weight: 1,
      reduces: 'batch',
      needs: ['teacher'],
      taps: { student: ['conv_1'], teacher: ['conv_2'] },
    });
    const weight = linear({ from: 3000, to: 0, epochs: 5 });
    expect(similarityPreserving({ ...taps, name: 'late', weight })).toMatchObject({ name: 'late', weight });
    expect(similarityPreserving({ ...taps, weight: 0 }).weight).toBe(0);
  });

  it('is named by its taps, so that two pairs of layers differ', () => {
    const student = { layer: 'shared', node: 1, at: 'preActivation' } as const;
    const term = similarityPreserving({ student, teacher: { layer: 'backbone/conv' } });
    expect(term.name).toBe('similarity shared#1@preActivation<-backbone/conv');
    expect(term.taps).toEqual({ student: [student], teacher: [{ layer: 'backbone/conv' }] });
  });

  const fits: readonly (readonly [Shape, Shape])[] = [
    [[null, 8, 8, 16], [null, 4, 4, 64]], // prettier-ignore
    [[null, 10], [null, 8, 8, 64]], // prettier-ignore
    [[null, null, 16], [32, 7]], // prettier-ignore
  ];
  it.each(fits)('takes taps of %j and %j', (student, teacher) => {
    expect(() => similarityPreserving(taps).check?.(termShapes(student, teacher))).not.toThrow();
  });

  const odd: readonly (readonly [Shape, Shape])[] = [
    [[null], [null, 8]], // prettier-ignore
    [[null, 8], [null]], // prettier-ignore
  ];
  it.each(odd)(
    'refuses taps of %j and %j before the first step, with both shapes',
    async (student, teacher) => {
      const describe = (shape: Shape): string => JSON.stringify(shape).replaceAll('null', '?');
      await expectKdError(
        () => similarityPreserving(taps).check?.(termShapes(student, teacher)),
        'KD_TENSOR_SHAPE',
        'similarityPreserving: the taps must be of shape [B, ...] with features on both sides',
        `"conv_1" ${describe(student)} of the student and "conv_2" ${describe(teacher)} of the teacher`,
      );
    },
  );

  it('refuses a batch without a teacher', async () => {
    await expectKdError(
      () => similarityPreserving(taps).loss(termBatch(features([2, 2]))),
      'KD_TERM_NEEDS',
      'similarityPreserving: the taps of the batch',
      'received a float32 tensor [2,2] and undefined',
    );
  });
});
