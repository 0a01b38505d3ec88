import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import type { Shape } from '@kd/core';
import { linear } from '@kd/schedule';
import { backends, expectClose, expectKdError, useBackend } from '@kd/testing';
import { grad, sum } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { features } from '../test/features.js';
import { termBatch, termShapes } from '../test/term-batch.js';
import { attentionTransferLoss } from './attention-transfer-loss.js';
import { attentionTransfer } from './attention-transfer.js';
import { meanSquaredDifference } from './mean-squared-difference.js';

const taps = { student: 'conv_1', teacher: 'conv_2' };

describe.each(backends)('attentionTransfer on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([{}, { power: 4 }, { power: 1, distance: meanSquaredDifference }])(
    'has the loss of its taps, teacher first, with %o',
    async (options) => {
      const term = attentionTransfer({ ...taps, ...options });
      const [teacher, student] = [features([2, 4, 3, 3], 1), features([2, 2, 3, 2], 2)];
      const { values, weights } = term.loss(termBatch(student, teacher));
      expect(weights).toBeUndefined();
      expect(values.shape).toEqual([2]);
      const loss = (x: Tensor): Tensor => attentionTransferLoss(teacher, x, options);
      expectClose(await values.data(), await loss(student).array(), { relative: 0, absolute: 0 });
      const gradient = grad((x: Tensor) => sum(term.loss(termBatch(x, teacher)).values))(student);
      expectClose(await gradient.data(), await grad(loss)(student).array(), { relative: 0, absolute: 0 });
    },
  );
});

describe('attentionTransfer', () => {
  beforeAll(() => useBackend('cpu'));

  it('says what it is', () => {
    expect(attentionTransfer(taps)).toMatchObject({
      apiVersion: 1,
      name: 'attention conv_1<-conv_2',
      weight: 1,
      reduces: 'example',
      needs: ['teacher'],
      taps: { student: ['conv_1'], teacher: ['conv_2'] },
    });
    const weight = linear({ from: 1, to: 0, epochs: 5 });
    expect(attentionTransfer({ ...taps, name: 'early', weight })).toMatchObject({ name: 'early', weight });
    expect(attentionTransfer({ ...taps, weight: 0 }).weight).toBe(0);
  });

  it('is named by its taps, so that two pairs of layers differ', () => {
    const student = { layer: 'shared', node: 1, at: 'preActivation' } as const;
    const term = attentionTransfer({ student, teacher: { layer: 'backbone/conv' } });
    expect(term.name).toBe('attention shared#1@preActivation<-backbone/conv');
    expect(term.taps).toEqual({ student: [student], teacher: [{ layer: 'backbone/conv' }] });
  });

  const fits: readonly (readonly [Shape, Shape])[] = [
    [[null, 8, 8, 16], [null, 8, 8, 64]], // prettier-ignore
    [[null, 8, 8, 16], [null, 4, 16, 64]], // prettier-ignore
    [[null, null, null, 16], [32, 4, 4, 64]], // prettier-ignore
  ];
  it.each(fits)('takes taps of %j and %j', (student, teacher) => {
    expect(() => attentionTransfer(taps).check?.(termShapes(student, teacher))).not.toThrow();
  });

  const odd: readonly (readonly [Shape, Shape])[] = [
    [[null, 10], [null, 8, 8, 64]], // prettier-ignore
    [[null, 8, 8, 64], [null, 10]], // prettier-ignore
    [[null, 16, 64], [null, 16, 64]], // prettier-ignore
    [[null, 4, 8, 8, 2], [null, 8, 8, 64]], // prettier-ignore
  ];
  it.each(odd)(
    'refuses taps of %j and %j before the first step, with both shapes',
    async (student, teacher) => {
      const describe = (shape: Shape): string => JSON.stringify(shape).replaceAll('null', '?');
      await expectKdError(
        () => attentionTransfer(taps).check?.(termShapes(student, teacher)),
        'KD_TENSOR_SHAPE',
        'attentionTransfer: the taps must be of shape [B, height, width, channels] on both sides',
        `"conv_1" ${describe(student)} of the student and "conv_2" ${describe(teacher)} of the teacher`,
      );
    },
  );

  it('refuses a batch without a teacher', async () => {
    await expectKdError(
      () => attentionTransfer(taps).loss(termBatch(features([2, 2, 2, 1]))),
      'KD_TERM_NEEDS',
      'attentionTransfer: the taps of the batch',
      'received a float32 tensor [2,2,2,1] and undefined',
    );
  });
});
