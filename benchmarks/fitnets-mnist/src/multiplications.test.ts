import { expectKdError, useBackend } from '@kd/testing';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { maxout } from './maxout.js';
import { multiplicationsOf } from './multiplications.js';

describe('multiplicationsOf', () => {
  beforeAll(() => useBackend('cpu'));

  it('counts a convolution at each position of its output', () => {
    const convolution = { inputShape: [10, 8, 3], filters: 5, kernelSize: 3 };
    const valid = sequential({ layers: [layers.conv2d(convolution)] });
    // 8 x 6 positions, each 3 x 3 x 3 numbers times 5 kernels.
    expect(multiplicationsOf(valid)).toBe(8 * 6 * 3 * 3 * 3 * 5);
    const same = sequential({ layers: [layers.conv2d({ ...convolution, padding: 'same' })] });
    expect(multiplicationsOf(same)).toBe(10 * 8 * 3 * 3 * 3 * 5);
    const strided = sequential({ layers: [layers.conv2d({ ...convolution, strides: 2 })] });
    expect(multiplicationsOf(strided)).toBe(4 * 3 * 3 * 3 * 3 * 5);
    const alongOneAxis = sequential({
      layers: [layers.conv1d({ inputShape: [10, 3], filters: 5, kernelSize: 4 })],
    });
    expect(multiplicationsOf(alongOneAxis)).toBe(7 * 4 * 3 * 5);
  });

  it('counts a dense layer, also one that is used several times', () => {
    const one = sequential({ layers: [layers.dense({ inputShape: [7], units: 4 })] });
    expect(multiplicationsOf(one)).toBe(28);
    const several = sequential({ layers: [layers.dense({ inputShape: [5, 7], units: 4 })] });
    expect(multiplicationsOf(several)).toBe(5 * 28);
  });

  it('adds up the layers of a net, and counts zero for those without a kernel', () => {
    const model = sequential({
      layers: [
        layers.zeroPadding2d({ inputShape: [4, 4, 1], padding: 1 }),
        layers.conv2d({ filters: 6, kernelSize: 3 }),
        layers.batchNormalization(),
        maxout(),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 10 }),
      ],
    });
    expect(multiplicationsOf(model)).toBe(4 * 4 * 9 * 6 + 2 * 2 * 3 * 10);
  });

  it('refuses a kernel that it cannot count instead of counting zero', async () => {
    const other = sequential({
      layers: [layers.depthwiseConv2d({ inputShape: [4, 4, 2], kernelSize: 3, name: 'thin' })],
    });
    await expectKdError(() => multiplicationsOf(other), 'KD_TENSOR_SHAPE', 'layer "thin"', 'DepthwiseConv2D');
    const anySize = sequential({
      layers: [layers.conv2d({ inputShape: [null, null, 1], filters: 2, kernelSize: 3 })],
    });
    await expectKdError(() => multiplicationsOf(anySize), 'KD_TENSOR_SHAPE', '[null,null,null,2]');
  });
});
