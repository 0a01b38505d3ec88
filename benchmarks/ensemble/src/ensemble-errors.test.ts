import { expectNoLeak, useBackend } from '@kd/testing';
import { readWeights } from '@kd-benchmarks/experiment';
import { perceptron } from '@kd-benchmarks/experiment/perceptrons';
import type { TrainedNet } from '@kd-benchmarks/experiment/perceptrons';
import { tensor1d, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { ensembleErrors } from './ensemble-errors.js';

beforeAll(() => useBackend('cpu'));

/** A net that returns the same logits for every input; all classes but the first three are far away. */
async function answering(logits: readonly number[]): Promise<TrainedNet> {
  const net = { units: 2, dropout: 0, seed: 1 };
  const model = perceptron(net);
  const bias = [...logits, ...Array.from({ length: 7 }, () => -30)];
  model.layers.at(-1)?.setWeights([zeros([2, 10]), tensor1d(bias)]);
  const weights = await readWeights(model);
  model.dispose();
  return { net, weights };
}

it('counts errors by the requested mean', async () => {
  // Sums over the nets. Probabilities: class 0 has 1.46, class 1 has 1.04. Logits: class 0 has -28, class 1
  // has 0.
  const nets = [await answering([1, 0, -9]), await answering([1, 0, -9]), await answering([-30, 0, 0])];
  const digits = {
    size: 3,
    images: new Float32Array(3 * 784),
    labels: Int32Array.of(0, 1, 1),
    ids: ['a', 'b', 'c'],
  };
  await expectNoLeak(async () => {
    expect(await ensembleErrors(nets, 'arithmetic', digits)).toBe(2);
    expect(await ensembleErrors(nets, 'geometric', digits)).toBe(1);
  });
});
