import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { seededNormal, seededUniform, subSeed } from '@kd/core';
import { backends, expectClose, expectNoLeak, features, useBackend } from '@kd/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forward } from '../forward.js';
import type { ForwardOptions } from '../forward.js';
import { runLayer } from '../layer-parts.js';
import { formulas } from './formulas.js';
import type { DrawingLayer } from './formulas.js';

const values = (tensor: Tensor | undefined): number[] => Array.from(tensor?.dataSync() ?? []);
const run = (model: LayersModel, x: Tensor, options: Partial<ForwardOptions> = {}): number[] =>
  tf.tidy(() => values(forward(model, [x], { training: true, seed: 1, ...options }).outputs[0]));
const only = (layer: layers.Layer): LayersModel => sequential({ layers: [layer] });
const x = (): Tensor => features([4, 6, 10]);

/** One of each, in the shape of x. */
const stock: Record<string, () => layers.Layer> = {
  Dropout: () => layers.dropout({ rate: 0.3, inputShape: [6, 10] }),
  'Dropout with a noise shape': () =>
    layers.dropout({ rate: 0.3, noiseShape: [null as never, 1, 10], inputShape: [6, 10] }),
  SpatialDropout1D: () => layers.spatialDropout1d({ rate: 0.3, inputShape: [6, 10] }),
  GaussianNoise: () => layers.gaussianNoise({ stddev: 0.7, inputShape: [6, 10] }),
  GaussianDropout: () => layers.gaussianDropout({ rate: 0.3, inputShape: [6, 10] }),
  AlphaDropout: () => layers.alphaDropout({ rate: 0.3, inputShape: [6, 10] }),
  'AlphaDropout with a noise shape': () =>
    layers.alphaDropout({ rate: 0.3, noiseShape: [4, 1, 10], inputShape: [6, 10] }),
};

describe('formulas of layers that draw', () => {
  beforeEach(() => useBackend('cpu'));

  it.each(Object.entries(stock))('%s: what tfjs computes from the same numbers', (name, make) => {
    const layer = make();
    const formula = formulas[name.split(' ')[0]?.replace('SpatialDropout1D', 'Dropout') ?? ''];
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.3);
    const theirs = tf.tidy(() => values(layer.call(x(), { training: true }) as Tensor));
    const draws = {
      uniform: (shape: readonly number[]) => tf.randomUniform([...shape]),
      normal: (shape: readonly number[]) => tf.randomNormal([...shape]),
      number: () => NaN,
    };
    const ours = tf.tidy(() => values(formula?.(layer as DrawingLayer, x(), draws)));
    random.mockRestore();
    if (name.startsWith('Gaussian')) expectClose(ours, theirs, { relative: 1e-5, absolute: 1e-6 });
    else expect(ours).toEqual(theirs);
    expect(ours).not.toEqual(values(x()));
  });
});

describe.each(backends)('layers that draw from a seed, on %s', (backend) => {
  beforeEach(() => useBackend(backend));

  it.each(Object.entries(stock))('%s repeats, and leaves inference and training without a seed alone', (_, make) => {
    const model = only(make());
    const input = x();
    const one = run(model, input);
    expect(run(model, input)).toEqual(one);
    expect(run(model, input, { seed: 2 })).not.toEqual(one);
    expect(run(model, input, { place: 1 })).not.toEqual(one);
    expect(run(model, input, { training: false })).toEqual(values(input));
    const unseeded = (): number[] => tf.tidy(() => values(forward(model, [input], { training: true }).outputs[0]));
    expect(unseeded()).not.toEqual(unseeded());
  }); // prettier-ignore

  it('take a seed that is a tensor, with the numbers of the same seed as a number', () => {
    const input = x();
    for (const make of Object.values(stock)) {
      const model = only(make());
      const seed = tf.add<tf.Scalar>(tf.scalar(3, 'int32'), tf.scalar(4, 'int32'));
      expect(run(model, input, { seed })).toEqual(run(model, input, { seed: 7 }));
    }
  });

  it('draw at places of the layer and the draw', () => {
    const model = only(layers.dropout({ rate: 0.5, inputShape: [30] }));
    const drawn = seededUniform([2, 30], tf.scalar(1, 'int32'), subSeed(0, subSeed(0, 0, 0), 0));
    const mask = values(drawn).map((value) => (value >= 0.5 ? 2 : 0));
    expect(run(model, tf.ones([2, 30]))).toEqual(mask);
    const noisy = only(layers.gaussianNoise({ stddev: 2, inputShape: [30] }));
    const noise = seededNormal([2, 30], tf.scalar(1, 'int32'), subSeed(0, subSeed(0, 0, 0), 0));
    expect(run(noisy, tf.zeros([2, 30]))).toEqual(values(tf.mul(noise, 2)));
  });

  it('draw anew at each step of time, and in each mask of a recurrent cell', () => {
    const place = subSeed(0, 0, 0);
    const maskOf = (shape: number[], draw: number): number[] =>
      values(seededUniform(shape, 1, subSeed(0, place, draw))).map((value) => (value >= 0.5 ? 2 : 0));
    const drop = layers.timeDistributed({ layer: layers.dropout({ rate: 0.5 }), inputShape: [3, 20] });
    const steps = tf.unstack(tf.tensor3d(run(only(drop), tf.ones([2, 3, 20])), [2, 3, 20]), 1);
    expect(steps.map(values)).toEqual([0, 1, 2].map((draw) => maskOf([2, 20], draw)));
    // A cell that passes on its masked input, then its masked state.
    const linear = { kernelInitializer: 'identity', useBias: false, activation: 'linear' } as const;
    const recurrent = { recurrentInitializer: 'identity', dropout: 0.5, recurrentDropout: 0.5 } as const;
    const rnn = layers.simpleRNN({ units: 20, ...linear, ...recurrent, inputShape: [2, 20] });
    const [ofInput, ofState] = [maskOf([1, 20], 0), maskOf([1, 20], 1)] as const;
    expect(run(only(rnn), tf.tensor(Array<number>(40).fill(1).fill(0, 20), [1, 2, 20]))).toEqual(
      ofInput.map((value, index) => value * (ofState[index] ?? NaN)),
    );
  });

  it('drop whole channels if the noise shape says so', () => {
    for (const name of ['SpatialDropout1D', 'Dropout with a noise shape']) {
      const model = only((stock[name] as () => layers.Layer)());
      const outputs = tf.tensor3d(run(model, tf.ones([4, 6, 10])), [4, 6, 10]);
      const [first] = tf.unstack(outputs, 1);
      for (const each of tf.unstack(outputs, 1)) expect(values(each)).toEqual(values(first));
      expect(new Set(values(first).map((value) => Number(value.toFixed(4))))).toEqual(new Set([0, 1.4286]));
    }
  });

  it('have masks with a gradient that equals them', () => {
    const model = only(layers.dropout({ rate: 0.4, inputShape: [50] }));
    const seed = tf.scalar(4, 'int32');
    const total = (input: Tensor): Tensor =>
      tf.sum(forward(model, [input], { training: true, seed }).outputs[0] as Tensor);
    const mask = run(model, tf.ones([3, 50]), { seed });
    expect(values(tf.grad(total)(tf.ones([3, 50])))).toEqual(mask);
    expect(new Set(mask.map((value) => Number(value.toFixed(4))))).toEqual(new Set([0, 1.6667]));
  });

  it('drop their share, independently in neighbouring layers and steps', () => {
    const drop = (): layers.Layer => layers.dropout({ rate: 0.5 });
    const inputs = tf.ones([10, 1000]);
    const symbolic = layers.inputLayer({ inputShape: [1000] });
    const two = sequential({ layers: [symbolic, drop(), drop()] });
    const size = 10_000;
    const share = (outputs: number[]): number => outputs.filter((value) => value > 0).length / size;
    const first = run(only(layers.dropout({ rate: 0.5, inputShape: [1000] })), inputs);
    const next = run(only(layers.dropout({ rate: 0.5, inputShape: [1000] })), inputs, { seed: 2 });
    // Five standard deviations: sqrt(p (1 - p) / n).
    expect(Math.abs(share(first) - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / size));
    const both = first.map((value, index) => value * (next[index] ?? NaN));
    for (const joint of [run(two, inputs), both])
      expect(Math.abs(share(joint) - 0.25)).toBeLessThan(5 * Math.sqrt(0.1875 / size));
  });

  it('leave no tensor behind', async () => {
    const input = x();
    const seed = tf.scalar(1, 'int32');
    const models = Object.values(stock).map((make) => only(make()));
    await expectNoLeak(() => {
      for (const model of models) run(model, input, { seed });
    });
  });
});

describe('layers of others', () => {
  beforeEach(() => useBackend('cpu'));
  const input = (): Tensor => tf.ones([1, 20]);

  it('are not taken for tfjs’s by their name alone', () => {
    class GaussianNoise extends layers.Layer {
      static readonly className = 'GaussianNoise';
      readonly stddev = 1;
      override call(inputs: Tensor | Tensor[]): Tensor {
        return tf.mul([inputs].flat()[0] as Tensor, 3);
      }
    }
    expect(run(only(new GaussianNoise({ inputShape: [20] })), input())).toEqual(Array<number>(20).fill(3));
    const replaced = layers.dropout({ rate: 0.5, inputShape: [20] });
    replaced.call = (inputs) => tf.mul([inputs].flat()[0] as Tensor, 5);
    expect(run(only(replaced), input())).toEqual(Array<number>(20).fill(5));
  });

  it('keep a function that drops in recurrent cells', () => {
    const dropoutFunc = vi.fn((mask: Tensor) => tf.zerosLike(mask));
    const cell = { units: 2, dropout: 0.5, dropoutFunc, recurrentInitializer: 'glorotUniform' } as const;
    run(only(layers.gru({ ...cell, inputShape: [1, 20] })), tf.ones([1, 1, 20]));
    expect(dropoutFunc).toHaveBeenCalled();
  });

  it('draw from Math.random, which repeats, whether the seed is a number or a tensor', () => {
    class Jitter extends layers.Layer {
      static readonly className = 'Jitter';
      override call(inputs: Tensor | Tensor[]): Tensor {
        const [factor, offset] = [Math.random(), Math.random()];
        return tf.add(tf.mul([inputs].flat()[0] as Tensor, factor), offset);
      }
    }
    const model = only(new Jitter({ inputShape: [20] }));
    const drawn = run(model, input());
    expect(run(model, input(), { seed: tf.scalar(1, 'int32') })).toEqual(drawn);
    expect(run(model, input(), { seed: 2 })).not.toEqual(drawn);
    expect(run(model, input(), { place: 2 })).not.toEqual(drawn);
  });

  it('a single layer draws at the place that it is given', () => {
    const layer = layers.dropout({ rate: 0.5 });
    const of = (place?: number): number[] =>
      values(runLayer(layer, [tf.ones([40])], { training: true, seed: 1, ...(place === undefined ? {} : { place }) })); // prettier-ignore
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
    expect(of()).toEqual(of(0));
    // Not the numbers of the first layer of a model at that place.
    const model = only(layers.dropout({ rate: 0.5, inputShape: [40] }));
    expect(of(0)).not.toEqual(run(model, tf.ones([1, 40]), { place: 0 }));
  });
});
