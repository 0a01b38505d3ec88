import { expectKdError, useBackend } from '@kd/testing';
import { ones } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { tapPairFields, tapPairOf } from './tap-pair.js';
import type { TermBatch } from './term.js';

await useBackend('cpu');

describe('tapPairFields', () => {
  it('names the pair, and says that nothing but the taps is read', () => {
    const teacher = { layer: 'b', at: 'preActivation' } as const;
    expect(tapPairFields('f', 'mine', { student: 'a', teacher, weight: 2 })).toEqual({
      apiVersion: 1,
      name: 'mine a<-b@preActivation',
      weight: 2,
      needs: ['teacher'],
      taps: { student: ['a'], teacher: [teacher] },
      usesOutputs: false,
    });
  });

  it.each([
    [{ teacher: 'b' }, 'options.student'],
    [{ student: 'a', teacher: 2 }, 'options.teacher'],
    [{ student: 'a', teacher: 'b', name: '' }, 'options.name'],
  ])('refuses %j', (options, part) =>
    expectKdError(() => tapPairFields('f', 'mine', options as never), 'KD_OPTION_TYPE', part),
  );
});

describe('tapPairOf', () => {
  it('gives the two values, and refuses a batch without a teacher', async () => {
    const [own, other] = [ones([1]), ones([2])];
    const batch = { student: { taps: [own] }, teacher: { taps: [other] } } as unknown as TermBatch;
    expect(tapPairOf('f', batch)).toEqual({ student: own, teacher: other });
    const without = { student: { taps: [own] } } as unknown as TermBatch;
    await expectKdError(() => tapPairOf('f', without), 'KD_TERM_NEEDS', 'a recipe with a teacher');
  });
});
