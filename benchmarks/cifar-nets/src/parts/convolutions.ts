import { subSeed } from '@kd/core';
import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { channelsBetween, joined } from './channels.js';
import { channelsOf, normalized, output, padded } from './simple.js';
import type { Start } from './start.js';

/** Size of a step between windows. */
export type Strides = 1 | 2;

/** A convolution. */
export interface Convolution {
  readonly filters: number;
  /** Height and width of the kernels. */
  readonly size: 1 | 3;
  /** Default 1. */
  readonly strides?: Strides;
  /** Default 1. Each group of filters sees only as large a share of the channels; for kernels of 1x1. */
  readonly groups?: number;
  /** Default false. */
  readonly useBias?: boolean;
}

type Convolve = (maps: SymbolicTensor, name: string, options: Convolution) => SymbolicTensor;

/** Adds convolutions whose kernels are drawn from the seed of a net and the name of the layer. */
export interface Convolutions {
  readonly convolution: Convolve;
  /** A convolution and the normalisation of its maps. */
  readonly normalizedConvolution: Convolve;
  /** A 3x3 convolution of each channel alone, and the normalisation of its maps. */
  readonly normalizedDepthwise: (maps: SymbolicTensor, name: string, strides: Strides) => SymbolicTensor;
}

/** A seed for a weight, above 0, because tfjs's initializers ignore a seed of 0. */
export function seedOf(seed: number, name: string): number {
  return subSeed(seed, 'first weights', name) + 1;
}

/** The convolutions of a net. */
export function convolutionsOf(seed: number, start: Start): Convolutions {
  const plain: Convolve = (maps, name, options) => {
    const { filters, size, strides = 1, useBias = false } = options;
    const fans = { fanIn: size ** 2 * channelsOf(maps), fanOut: size ** 2 * filters };
    const kernelInitializer = start(fans, seedOf(seed, name));
    const [input, padding] = withEdges(maps, name, size, strides);
    const layer = { filters, kernelSize: size, strides, padding, useBias, kernelInitializer, name };
    return output(layers.conv2d(layer), input);
  };
  const convolution: Convolve = (maps, name, { groups = 1, ...options }) => {
    if (groups === 1) return plain(maps, name, options);
    // tfjs-layers has no convolution in groups: each group is a convolution of some of the channels.
    const filters = options.filters / groups;
    const share = channelsOf(maps) / groups;
    const parts = Array.from({ length: groups }, (_, group) => {
      const part = `${name}_${String(group + 1)}`;
      const channels = channelsBetween(maps, `${part}_input`, [group * share, (group + 1) * share]);
      return plain(channels, part, { ...options, filters });
    });
    return joined(parts, name);
  };
  const depthwise = (maps: SymbolicTensor, name: string, strides: Strides): SymbolicTensor => {
    // PyTorch takes all channels for the fan-out of a kernel, although each feeds one.
    const fans = { fanIn: 9, fanOut: 9 * channelsOf(maps) };
    const depthwiseInitializer = start(fans, seedOf(seed, name));
    const [input, padding] = withEdges(maps, name, 3, strides);
    const layer = { kernelSize: 3, strides, padding, useBias: false, depthwiseInitializer, name };
    return output(layers.depthwiseConv2d(layer), input);
  };
  return {
    convolution,
    normalizedConvolution: (maps, name, options) =>
      normalized(convolution(maps, name, options), `${name}_norm`),
    normalizedDepthwise: (maps, name, strides) => normalized(depthwise(maps, name, strides), `${name}_norm`),
  };
}

/**
 * The input of a convolution and its padding. PyTorch pads all four sides; at a stride of 2, `same` pads only
 * below and at the right, which moves all windows by a pixel.
 */
function withEdges(
  maps: SymbolicTensor,
  name: string,
  size: number,
  strides: Strides,
): [SymbolicTensor, 'same' | 'valid'] {
  return size > 1 && strides > 1 ? [padded(maps, `${name}_padding`), 'valid'] : [maps, 'same'];
}
