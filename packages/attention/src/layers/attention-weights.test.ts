import { backends, expectClose, numericGradient, useBackend } from '@kd/testing';
import { grad, mul, sum, tensor2d, tensor4d, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, numbers, uneven } from '../../test/apply.js';
import { AttentionWeights } from '../index.js';

const close = { relative: 1e-6, absolute: 0 };
const row = [Math.log(1), Math.log(3), Math.log(4)];
/** Scores of three queries and keys in one head, for each example. */
const scoresOf = (...examples: readonly (readonly (readonly number[])[])[]): Tensor =>
  tensor4d(examples.flat(2), [examples.length, 1, 3, 3]);
const scores = (): Tensor => scoresOf([row, row, row]);
const slopes = (): Tensor => uneven([1, 1, 3, 3]);

describe.each(backends)('the weights on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('are a softmax over the keys', async () => {
    const weights = apply(new AttentionWeights(), scores());
    expectClose(
      await weights.data(),
      [1, 3, 4, 1, 3, 4, 1, 3, 4].map((x) => x / 8),
      close,
    );
  });

  it('are exactly 0 for keys after the query', async () => {
    const weights = apply(new AttentionWeights({ causal: true }), scores());
    expectClose(await weights.data(), [1, 0, 0, 1 / 4, 3 / 4, 0, 1 / 8, 3 / 8, 4 / 8], close);
  });

  it.each(['float32', 'int32', 'bool'] as const)(
    'are exactly 0 for padding, by a mask of %s',
    async (dtype) => {
      const weights = apply(new AttentionWeights(), scores(), tensor2d([1, 0, 1], [1, 3], dtype));
      expectClose(
        await weights.data(),
        [1, 0, 4, 1, 0, 4, 1, 0, 4].map((x) => x / 5),
        close,
      );
    },
  );

  it('are of the keys that are neither later nor padding, in each example', async () => {
    const both = scoresOf([row, row, row], [row, row, row]);
    const weights = apply(new AttentionWeights({ causal: true }), both, tensor2d([0, 1, 1, 1, 1, 0], [2, 3]));
    const first = [0, 0, 0, 0, 1, 0, 0, 3 / 7, 4 / 7];
    const second = [1, 0, 0, 1 / 4, 3 / 4, 0, 1 / 4, 3 / 4, 0];
    expectClose(await weights.data(), [...first, ...second], close);
  });

  it.each([NaN, Infinity, -Infinity, 3e38, -3e38])(
    'do not depend on a score of %s of padding',
    async (other) => {
      const mask = tensor2d([1, 0, 1], [1, 3]);
      const given = row.with(1, other);
      const [changed, usual] = [scoresOf([given, given, given]), scores()];
      const layer = new AttentionWeights();
      expect(await numbers(apply(layer, changed, mask))).toEqual(await numbers(apply(layer, usual, mask)));
      const slope = grad((x) => sum(mul(apply(layer, x, mask), slopes())));
      expect(await numbers(slope(changed))).toEqual(await numbers(slope(usual)));
    },
  );

  it('are right for scores of 1e5, also where that of padding is the largest', async () => {
    const large = scoresOf([
      [1e5, 1e5, -1e5],
      [-1e5, -1e5, 1e5],
      [0, -1e5, 1e5],
    ]);
    const weights = apply(new AttentionWeights(), large, tensor2d([1, 1, 0], [1, 3]));
    expect(await numbers(weights)).toEqual([0.5, 0.5, 0, 0.5, 0.5, 0, 1, 0, 0]);
  });

  it('are all 0 where every key is padding, and have no gradient there', async () => {
    const layer = new AttentionWeights();
    const mask = zeros([1, 3]);
    expect(await numbers(apply(layer, scores(), mask))).toEqual(Array(9).fill(0));
    const slope = grad((x) => sum(mul(apply(layer, x, mask), slopes())))(scores());
    expect((await numbers(slope)).map(Math.abs)).toEqual(Array(9).fill(0));
  });

  it.each([
    ['with padding', false, [1, 0, 1]],
    ['if causal', true, undefined],
    ['if causal, with padding', true, [1, 1, 0]],
  ])('have the gradient of finite differences, %s', async (_, causal, kept) => {
    const layer = new AttentionWeights({ causal });
    const loss = (x: Tensor): Tensor =>
      mul(apply(layer, x, ...(kept === undefined ? [] : [tensor2d(kept, [1, 3])])), slopes());
    const given = uneven([1, 1, 3, 3]);
    const found = await numbers(grad((x) => sum(loss(x)))(given));
    expectClose(found, numericGradient(loss, given), { relative: 1e-3, absolute: 2e-4 });
  });
});
