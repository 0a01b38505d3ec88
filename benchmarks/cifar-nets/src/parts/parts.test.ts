import { expectClose, useBackend } from '@kd/testing';
import { conv2d, depthwiseConv2d, pad, tensor4d } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { input, model } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { channelsBetween, shuffled } from './channels.js';
import { convolutionsOf } from './convolutions.js';
import { heFanOut, smallNormal, uniformFanIn, zeros } from './start.js';
import type { Start } from './start.js';

await useBackend('cpu');

type Shape = [number, number, number];
const netOf = (shape: Shape, body: (maps: SymbolicTensor) => SymbolicTensor): LayersModel => {
  const inputs = input({ shape });
  return model({ inputs, outputs: body(inputs) });
};
const numbered = (shape: Shape): Tensor4D =>
  tensor4d(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, at) => at),
    [1, ...shape],
  );
const values = (tensor: Tensor): number[] => Array.from(tensor.dataSync());
const outputs = (net: LayersModel, maps: Tensor): number[] => values(net.predict(maps) as Tensor);
const kernelOf = (net: LayersModel, layer: string): Tensor4D =>
  net.getLayer(layer).getWeights()[0] as Tensor4D;
const { convolution, normalizedDepthwise } = convolutionsOf(1, uniformFanIn);

describe('channels', () => {
  it('are cut out of maps of any size', () => {
    const net = netOf([2, 3, 5], (maps) => channelsBetween(maps, 'some', [1, 3]));
    expect(net.outputShape).toEqual([null, 2, 3, 2]);
    expect(outputs(net, numbered([2, 3, 5]))).toEqual([1, 2, 6, 7, 11, 12, 16, 17, 21, 22, 26, 27]);
  });

  it('are shuffled: the first of each group, then the second', () => {
    const net = netOf([2, 1, 6], (maps) => shuffled(maps, 'mixed', 3));
    expect(outputs(net, numbered([2, 1, 6]))).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
  });
});

describe('a convolution', () => {
  it.each([1, 2] as const)('with strides of %i pads each side alike', (strides) => {
    const maps = numbered([6, 6, 2]);
    const around = pad(maps, [[0, 0], [1, 1], [1, 1], [0, 0]]); // prettier-ignore
    const net = netOf([6, 6, 2], (x) => convolution(x, 'conv', { filters: 3, size: 3, strides }));
    expectClose(outputs(net, maps), values(conv2d(around, kernelOf(net, 'conv'), strides, 'valid')), {
      relative: 1e-6,
      absolute: 1e-5,
    });
    const each = netOf([6, 6, 2], (x) => normalizedDepthwise(x, 'each', strides));
    const expected = values(depthwiseConv2d(around, kernelOf(each, 'each'), strides, 'valid'));
    expectClose(outputs(each, maps), expected, { relative: 1e-4, absolute: 1e-4 });
  });

  it('in groups gives each group of filters its own channels', () => {
    const options = { filters: 4, size: 1, groups: 2 } as const;
    const net = netOf([1, 1, 6], (x) => convolution(x, 'conv', options));
    const kernels = ['conv_1', 'conv_2'].map((layer) => kernelOf(net, layer));
    expect(kernels.map(({ shape }) => shape)).toEqual([[1, 1, 3, 2], [1, 1, 3, 2]]); // prettier-ignore
    const expected = kernels.flatMap((kernel, group) =>
      [0, 1].map((filter) =>
        [0, 1, 2].reduce((sum, at) => sum + (group * 3 + at) * (values(kernel)[at * 2 + filter] ?? NaN), 0),
      ),
    );
    expectClose(outputs(net, numbered([1, 1, 6])), expected, { relative: 1e-5, absolute: 1e-6 });
  });
});

describe('first weights', () => {
  const drawn = (start: Start, fans: { fanIn: number; fanOut: number }): number[] =>
    values(start(fans, 3).apply([100, 100]));
  const deviation = (numbers: readonly number[]): number =>
    Math.sqrt(numbers.reduce((sum, x) => sum + x ** 2, 0) / numbers.length);

  it('have the deviation that PyTorch gives them', () => {
    const normal = drawn(heFanOut, { fanIn: 7, fanOut: 50 });
    expect(deviation(normal)).toBeCloseTo(0.2, 2);
    // Not cut off at two deviations.
    expect(Math.max(...normal)).toBeGreaterThan(0.6);
    expect(deviation(drawn(smallNormal, { fanIn: 7, fanOut: 50 }))).toBeCloseTo(0.01, 3);
    expect(deviation(drawn(zeros, { fanIn: 7, fanOut: 50 }))).toBe(0);
    const uniform = drawn(uniformFanIn, { fanIn: 25, fanOut: 7 });
    expect(Math.max(...uniform)).toBeCloseTo(0.2, 3);
    expect(Math.min(...uniform)).toBeCloseTo(-0.2, 3);
  });

  it('of kernels depend on their fan-out', () => {
    const { convolution, normalizedDepthwise } = convolutionsOf(1, heFanOut);
    const net = netOf([4, 4, 30], (maps) => convolution(maps, 'all', { filters: 50, size: 3 }));
    expect(deviation(values(kernelOf(net, 'all'))) / Math.sqrt(2 / 9 / 50)).toBeCloseTo(1, 1);
    const wide = netOf([4, 4, 900], (maps) => normalizedDepthwise(maps, 'each', 1));
    expect(deviation(values(kernelOf(wide, 'each'))) / Math.sqrt(2 / 9 / 900)).toBeCloseTo(1, 1);
  });
});
