// Parts of maps along the channels. tfjs-layers has no such layers; these are composed of stock ones, so that
// a saved net loads without classes of this package.
import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { channelsOf, output } from './simple.js';

/** All maps, one behind the other along the channels. */
export function joined(maps: SymbolicTensor[], name: string): SymbolicTensor {
  return output(layers.concatenate({ axis: -1, name }), maps);
}

/** The channels from `from` to the one before `to`. */
export function channelsBetween(
  maps: SymbolicTensor,
  name: string,
  [from, to]: readonly [number, number],
): SymbolicTensor {
  // Told that channels come first, the layer crops the last two axes, which are width and channels here.
  const dataFormat = 'channelsFirst';
  const cropping: [[number, number], [number, number]] = [
    [0, 0],
    [from, channelsOf(maps) - to],
  ];
  return output(layers.cropping2D({ cropping, dataFormat, name }), maps);
}

/**
 * Channels in another order: the first of each group, then the second of each group, and so on (Zhang et al.
 * 2018, ShuffleNet).
 */
export function shuffled(maps: SymbolicTensor, name: string, groups: number): SymbolicTensor {
  const [, height, width, channels] = maps.shape as [null, number, number, number];
  // Four axes with the batch, which every backend can permute.
  const apart = layers.reshape({
    targetShape: [height * width, groups, channels / groups],
    name: `${name}_apart`,
  });
  const turned = layers.permute({ dims: [1, 3, 2], name: `${name}_turned` });
  const together = layers.reshape({ targetShape: [height, width, channels], name });
  return output(together, output(turned, output(apart, maps)));
}
