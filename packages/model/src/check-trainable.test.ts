import { expectKdError, expectNoLeak, layerCases } from '@kd/testing';
import { getKernel, registerKernel, setBackend, unregisterKernel } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { KdError } from '@kd/core';
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

/** Refuses longer sequences. */
class Short extends layers.Layer {
  static readonly className: string = 'Short';
  private readonly longest: number;
  constructor({ longest, ...config }: { readonly longest: number }) {
    super(config);
    this.longest = longest;
  }
  override computeOutputShape<Shape>(shape: Shape): Shape {
    return shape;
  }
  override call(inputs: Tensor | Tensor[]): Tensor {
    const [x] = [inputs].flat() as [Tensor];
    if ((x.shape[1] ?? 0) <= this.longest) return x.clone();
    throw new KdError({ code: 'KD_TENSOR_SHAPE', where: 'Short', argument: 'x', expected: 'short', received: 'long', remedy: 'Cut it.' }); // prettier-ignore
  }
}

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

  it('looks behind a layer that takes only short sequences', async () => {
    const ofShort = (longest: number): LayersModel =>
      sequential({
        layers: [
          layers.dense({ units: 2, inputShape: [null, 1] }),
          new Short({ longest }),
          layers.thresholdedReLU({ name: 'threshold', theta: 1 }),
        ],
      });
    for (const longest of [16, 1])
      await expectKdError(() => { checkTrainable('test', ofShort(longest)); }, 'KD_GRADIENT_UNAVAILABLE', '"threshold"'); // prettier-ignore
    // What no length suits is for the training to report.
    checkTrainable('test', ofShort(0));
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
