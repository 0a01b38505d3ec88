import '@tensorflow/tfjs-layers'; // Registers the gradients of tfjs.
import { describeTerm } from '@kd/conformance/vitest';
import { backends, expectClose, lossOf, useBackend } from '@kd/testing';
import { tensor } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sigmoidHint, tanhHint } from './cross-entropy-hint.js';
import { cosineHint, hint, normalizedHint } from './hint.js';

const taps = { student: 'a', teacher: 'b' };
const between = (student: number[], teacher: number[]) => ({
  student: { guided: [student], layer: student },
  teacher: { hints: [teacher], layer: teacher },
});
const sequence = { ...between([4, 2], [4, 3]), mask: [4] };
const constant = ['teacher.hints'];

describe.each(backends)('masked positions on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  for (const reduction of ['paper', 'mean'] as const) {
    const options = { ...taps, reduction };
    describeTerm(`hint, ${reduction}`, hint, sequence, { options, constant });
    describeTerm(`sigmoidHint, ${reduction}`, sigmoidHint, sequence, { options, constant });
    describeTerm(`tanhHint, ${reduction}`, tanhHint, sequence, { options, constant });
  }
  describeTerm('cosineHint', cosineHint, sequence, { options: taps, constant, scaleFree: true });
  describeTerm('normalizedHint', normalizedHint, sequence, { options: taps, constant, scaleFree: true });
  describeTerm(
    'hint of maps',
    hint,
    { ...between([3, 2, 2], [3, 2, 4]), mask: [3, 2] },
    { options: { ...taps, reduction: 'mean' }, constant },
  );
});

// Hints of 2 sequences of 3 positions of 2 numbers; 4 of the positions count. The student says zeros.
const mask = () => tensor([1, 0, 0, 1, 1, 1], [2, 3]);
const hints = () => tensor([1, 3, 9, 9, NaN, 9, 2, 0, 0, 4, 6, 2], [2, 3, 2]);
const zeros = () => tensor(Array<number>(12).fill(0), [2, 3, 2]);
const direct = { regress: (x: Tensor): Tensor => x };

describe('the values of hints with a mask', () => {
  beforeAll(() => useBackend('cpu'));
  const modules = { 'regressor a<-b': direct };
  const given = () => ({ student: { guided: [zeros()] }, teacher: { hints: [hints()] }, mask: mask() });

  it('are means of each position, of which the recipe takes the mean over those that count', async () => {
    const { values, weights } = lossOf(hint({ ...taps, reduction: 'mean' }), { ...given(), modules });
    expectClose(await values.data(), [(1 + 9) / 2, 0, 0, 4 / 2, 16 / 2, (36 + 4) / 2], {
      relative: 1e-6,
      absolute: 0,
    });
    expect([values.shape, weights]).toEqual([[2, 3], undefined]);
  });

  it('are sums over the positions that count, as published', async () => {
    const { values } = lossOf(hint(taps), { ...given(), modules });
    expect(Array.from(await values.data())).toEqual([(1 + 9) / 2, (4 + 16 + 36 + 4) / 2]);
  });

  it('have no share of masked positions in a cross-entropy, which is not zero at equality', async () => {
    // Logits of zero: each of two numbers costs log 2, whatever the hint.
    const { values } = lossOf(sigmoidHint(taps), { ...given(), modules });
    const each = 2 * Math.log(2);
    expectClose(await values.data(), [each, 3 * each], { relative: 1e-6, absolute: 0 });
  });

  it('are means of each example if another pair has no positions', async () => {
    const both = hint({ student: ['a', 'c'], teacher: ['b', 'd'], reduction: 'mean' });
    const { values } = lossOf(both, {
      student: { guided: [zeros(), tensor([0, 0], [2, 1])] },
      teacher: { hints: [hints(), tensor([3, 5], [2, 1])] },
      mask: mask(),
      modules: { ...modules, 'regressor c<-d': direct },
    });
    expectClose(await values.data(), [5 + 9, (2 + 8 + 20) / 3 + 25], { relative: 1e-6, absolute: 0 });
  });
});
