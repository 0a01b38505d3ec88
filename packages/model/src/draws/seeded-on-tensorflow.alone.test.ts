import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { registerTrainingKernels } from '@kd/backend';
import { hasTensorflow, readsOnTensorflow } from '@kd/testing/tensorflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { forward } from '../forward.js';

const isInstalled = await hasTensorflow();
const recurrent = {
  units: 8,
  recurrentInitializer: 'glorotUniform',
  dropout: 0.5,
  recurrentDropout: 0.5,
} as const;
const first = { inputShape: [3, 8] };
const sequence = { ...recurrent, returnSequences: true };

describe.skipIf(!isInstalled)('layers that draw, on tfjs-node', () => {
  beforeAll(async () => {
    registerTrainingKernels();
    await tf.setBackend('tensorflow');
  });

  // Each kind of layer that tfjs has, and each that wraps others.
  const model = sequential({
    layers: [
      layers.dropout({ rate: 0.2, seed: 4, ...first }),
      layers.spatialDropout1d({ rate: 0.2 }),
      layers.gaussianNoise({ stddev: 0.1 }),
      layers.gaussianDropout({ rate: 0.2 }),
      layers.alphaDropout({ rate: 0.2 }),
      layers.simpleRNN(sequence),
      layers.gru(sequence),
      layers.lstm(sequence),
      layers.rnn({ cell: [layers.gruCell(recurrent), layers.lstmCell(recurrent)], returnSequences: true }),
      layers.bidirectional({ layer: layers.gru(sequence), mergeMode: 'sum' }),
      layers.timeDistributed({ layer: layers.dropout({ rate: 0.2 }) }),
      layers.timeDistributed({
        layer: sequential({ layers: [layers.dropout({ rate: 0.2, inputShape: [8] })] }),
      }),
    ],
  });
  const seedOf = (value: number): tf.Scalar => tf.add(tf.scalar(value, 'int32'), tf.scalar(0, 'int32'));

  it('never read their seed, forwards or backwards', () => {
    const seed = seedOf(3);
    const input = tf.ones([2, 3, 8]);
    const total = (x: Tensor): Tensor =>
      tf.sum(forward(model, [x], { training: true, seed }).outputs[0] as Tensor);
    expect(readsOnTensorflow(() => tf.grad(total)(input))).toBe(0);
    // Two steps with other seeds differ, so the seed was used.
    const [one, again] = [total(input), total(input)];
    const other = forward(model, [input], { training: true, seed: seedOf(4) }).outputs[0] as Tensor;
    expect(one.dataSync()).toEqual(again.dataSync());
    expect(one.dataSync()).not.toEqual(tf.sum(other).dataSync());
  });

  it('make a mask of their share of the numbers', () => {
    const dropout = sequential({ layers: [layers.dropout({ rate: 0.4, inputShape: [1200] })] });
    const [mask] = forward(dropout, [tf.ones([128, 1200])], { training: true, seed: 6 }).outputs;
    const kept = Array.from((mask as Tensor).dataSync()).filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.6)]));
    // Five standard deviations of a binomial distribution.
    const deviation = Math.sqrt(128 * 1200 * 0.4 * 0.6);
    expect(Math.abs(kept.length - 128 * 1200 * 0.6)).toBeLessThan(5 * deviation);
  });
});
