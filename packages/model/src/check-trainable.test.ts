import { expectKdError, expectNoLeak, layerCases } from '@kd/testing';
import { getKernel, registerKernel, setBackend, unregisterKernel } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkTrainable } from './check-trainable.js';

beforeAll(() => setBackend('cpu'));

const net = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({
        name: 'first',
        filters: 2,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [null, null, 1],
      }),
      sequential({
        name: 'nested',
        layers: [layers.batchNormalization({ name: 'norm', inputShape: [null, null, 2] as never })],
      }),
      layers.globalMaxPooling2d({}),
      layers.dense({ name: 'logits', units: 2 }),
    ],
  });

async function without(kernelName: string, body: () => unknown): Promise<void> {
  const kernel = getKernel(kernelName, 'cpu');
  unregisterKernel(kernelName, 'cpu');
  try {
    await body();
  } finally {
    registerKernel(kernel);
  }
}

describe('checkTrainable', () => {
  it.each(layerCases)('accepts $name, changes nothing and leaks nothing', async ({ build }) => {
    const model = build();
    const before = model.getWeights().map((weight) => [...weight.dataSync()]);
    await expectNoLeak(() => {
      checkTrainable('test', model);
    });
    expect(model.weights.map((weight) => [...weight.read().dataSync()])).toEqual(before);
  });

  it('names layer, kernel and backend, in either direction', async () => {
    const model = net();
    await without('Conv2DBackpropFilter', () =>
      expectKdError(
        () => {
          checkTrainable('test', model);
        },
        'KD_KERNEL_MISSING',
        '"first"',
        'Conv2DBackpropFilter',
        '"cpu"',
        'registerTrainingKernels',
      ),
    );
    await without('FusedBatchNorm', () =>
      expectKdError(
        () => {
          checkTrainable('test', model);
        },
        'KD_KERNEL_MISSING',
        '"norm"',
        'FusedBatchNorm',
      ),
    );
  });

  it('computes no gradient that training does not need', async () => {
    const model = net();
    model.layers.slice(0, 2).forEach((layer) => {
      layer.trainable = false;
    });
    await without('Conv2DBackpropFilter', () => {
      checkTrainable('test', model);
    });
    // The first layer trains by its filter only, with an activation and without.
    const linear = sequential({
      layers: [layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [9, 9, 1] })],
    });
    await without('Conv2DBackpropInput', () => {
      checkTrainable('test', net());
      checkTrainable('test', linear);
    });
  });

  it('names the operation that has no gradient on any backend', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [9, 9, 1] }),
        layers.conv2d({ name: 'dilated', filters: 2, kernelSize: 3, dilationRate: 2 }),
      ],
    });
    await expectKdError(
      () => {
        checkTrainable('test', model);
      },
      'KD_GRADIENT_UNAVAILABLE',
      '"dilated"',
      'dilation',
    );
  });
});
