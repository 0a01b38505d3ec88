import { backends, expectClose, useBackend } from '@kd/testing';
import { grad, mul, sum, tensor2d, tensor3d, tile, variableGrads, zeros } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, expectGradients, numbers, uneven } from '../../test/apply.js';
import { AttentionScores, KeptPositions, LearnedPositions, RotaryPositions } from '../index.js';

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('kept positions have zeros for padding, and so has their gradient', async () => {
    const x = tensor3d([1, 2, 3, NaN, 5, 6, 7, 8], [2, 2, 2]);
    const mask = tensor2d([1, 0, 0, 1], [2, 2]);
    const layer = new KeptPositions();
    expect(await numbers(apply(layer, x, mask))).toEqual([1, 2, 0, 0, 0, 0, 7, 8]);
    const slopes = tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    const slope = grad((given) => sum(mul(apply(layer, given, mask), slopes)))(x);
    expect(await numbers(slope)).toEqual([1, 2, 0, 0, 0, 0, 7, 8]);
  });

  it('learned positions are added to all examples, and learn from all', async () => {
    const layer = new LearnedPositions({ maxLength: 3 });
    layer.apply(zeros([1, 2, 2]));
    layer.setWeights([tensor2d([1, 2, 3, 4, 5, 6], [3, 2])]);
    const x = tensor3d([10, 10, 20, 20, 30, 30, 40, 40], [2, 2, 2]);
    expect(await numbers(apply(layer, x))).toEqual([11, 12, 23, 24, 31, 32, 43, 44]);
    const embeddings = layer.weights[0]?.read() as Variable;
    const loss = (): Scalar => sum(mul(apply(layer, x), x));
    const { grads } = variableGrads(loss, [embeddings]);
    expect(await numbers(grads[embeddings.name] as Tensor)).toEqual([40, 40, 60, 60, 0, 0]);
  });

  it('learned positions start small, from their seed', async () => {
    const startOf = async (seed: number): Promise<number[]> => {
      const layer = new LearnedPositions({ maxLength: 200, seed });
      layer.apply(zeros([1, 1, 50]));
      return numbers(layer.weights[0]?.read() as Tensor);
    };
    const start = await startOf(1);
    expect(Math.sqrt(start.reduce((all, x) => all + x * x, 0) / start.length)).toBeCloseTo(0.02, 3);
    expect(await startOf(1)).toEqual(start);
    expect(await startOf(2)).not.toEqual(start);
  });

  it('rotary positions turn pairs of the two halves of a head', async () => {
    // With base 100, at position 1 the first pair turns by 1 and the second by 1/10.
    const x = tensor3d([0, 0, 0, 0, 1, 2, 3, 4], [1, 2, 4]);
    const y = await numbers(apply(new RotaryPositions({ heads: 1, base: 100 }), x));
    const turned = (a: number, b: number, angle: number): [number, number] => [
      a * Math.cos(angle) - b * Math.sin(angle),
      b * Math.cos(angle) + a * Math.sin(angle),
    ];
    const [[a, c], [b, d]] = [turned(1, 3, 1), turned(2, 4, 0.1)];
    expectClose(y, [0, 0, 0, 0, a, b, c, d], { relative: 1e-6, absolute: 0 });
  });

  it('scores of rotated queries and keys depend on distances alone', async () => {
    const layer = new RotaryPositions({ heads: 2 });
    const [query, key] = [uneven([1, 1, 8]), mul(uneven([1, 1, 8]), uneven([8]))].map((x) =>
      apply(layer, tile(x, [1, 6, 1])),
    ) as [Tensor, Tensor];
    const scores = apply(new AttentionScores({ heads: 2 }), query, key);
    const [heads = []] = (await scores.array()) as number[][][][];
    for (const head of heads) {
      const [first = [], , , fourth = []] = head;
      expect(Math.abs((first[1] ?? NaN) - (first[2] ?? NaN))).toBeGreaterThan(0.01);
      expectClose(fourth.slice(3), first.slice(0, 3), { relative: 1e-5, absolute: 1e-6 });
    }
  });

  it('rotary positions have the gradient of finite differences', () =>
    expectGradients(new RotaryPositions({ heads: 2 }), uneven([2, 3, 8])));
});
