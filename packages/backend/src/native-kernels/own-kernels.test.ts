import { fusedKernel } from '@kd/core';
import { expectNoLeak } from '@kd/testing';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { dispose, gather, setBackend, softmax, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

const isInstalled = await hasTensorflow();

describe.skipIf(!isInstalled)('on tfjs-node', () => {
  beforeAll(() => setBackend('tensorflow'));

  it('the sum of squares of several tensors is that of all their numbers', async () => {
    const inputs = { a: tensor([[1, -2], [3, 0.5]]), b: tensor1d([4]) }; // prettier-ignore
    const total = tidy(() => fusedKernel('SumOfSquares', inputs)?.[0]);
    expect(total?.shape).toEqual([]);
    expect(total?.dataSync()[0]).toBe(1 + 4 + 9 + 0.25 + 16);
    await expectNoLeak(() => { dispose([...(fusedKernel('SumOfSquares', inputs) ?? [])]); }); // prettier-ignore
  });

  it('gather takes rows along any axis, and names an index that is not there', () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    expect(gather(x, tensor1d([1, 0], 'int32')).arraySync()).toEqual([[4, 5, 6], [1, 2, 3]]); // prettier-ignore
    expect(gather(x, tensor1d([2], 'int32'), -1).arraySync()).toEqual([[3], [6]]);
    for (const [index, axis, last] of [[2, 0, 1], [-1, 1, 2]] as const)
      expect(() => gather(x, tensor1d([0, index], 'int32'), axis)).toThrow(
        `GatherV2: the index value ${String(index)} is not in [0, ${String(last)}]`,
      ); // prettier-ignore
  });

  it('softmax is that of the last axis, and NaN for a row with NaN', () => {
    const probabilities = softmax(tensor([[0, Math.log(3)], [NaN, 1]])).dataSync(); // prettier-ignore
    expect(probabilities[0]).toBeCloseTo(0.25, 6);
    expect(probabilities[1]).toBeCloseTo(0.75, 6);
    expect([...probabilities.slice(2)]).toEqual([NaN, NaN]);
  });
});
