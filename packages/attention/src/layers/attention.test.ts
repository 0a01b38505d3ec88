import { backends, expectClose, useBackend } from '@kd/testing';
import { tensor3d, tensor4d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, expectGradients, numbers, uneven } from '../../test/apply.js';
import { AttentionContext, AttentionScores } from '../index.js';

const close = { relative: 1e-6, absolute: 0 };

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('scores are products of queries and keys in each head, over the root of its width', async () => {
    const query = tensor3d([1, 2, 0, 2], [1, 1, 4]);
    const key = tensor3d([3, 0, 5, 5, 1, 1, 0, 3], [1, 2, 4]);
    const both = apply(new AttentionScores({ heads: 2 }), query, key);
    expect(both.shape).toEqual([1, 2, 1, 2]);
    expectClose(await both.data(), [3, 3, 10, 6].map((x) => x / Math.SQRT2), close); // prettier-ignore
    const one = apply(new AttentionScores({ heads: 1 }), query, key);
    expectClose(await one.data(), [13 / 2, 9 / 2], close);
  });

  it('the context sums the values of each head by its weights', async () => {
    const weights = tensor4d([0.5, 0.5, 0, 1], [1, 2, 1, 2]);
    const context = apply(new AttentionContext(), weights, tensor3d([1, 2, 3, 4], [1, 2, 2]));
    expect(context.shape).toEqual([1, 1, 2]);
    expect(await numbers(context)).toEqual([2, 4]);
  });

  it('scores have the gradients of finite differences', () =>
    expectGradients(new AttentionScores({ heads: 2 }), uneven([2, 3, 4]), uneven([2, 2, 4])));

  it('the context has the gradients of finite differences', () =>
    expectGradients(new AttentionContext(), uneven([2, 2, 3, 2]), uneven([2, 2, 4])));
});
