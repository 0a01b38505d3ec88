import { finite, optionsOf, positive, whole } from '@kd/core';
import { input, layers, model } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { MakeNet, NetOptions } from '../tapped-net.js';
import { convolutionsOf, seedOf } from './convolutions.js';
import type { Convolutions } from './convolutions.js';
import { channelsOf, output } from './simple.js';
import type { Start } from './start.js';

/** How the weights of a net start. */
export interface Starts {
  readonly kernels: Start;
  /** Kernel and bias of the last layer. */
  readonly classifier: readonly [kernel: Start, bias: Start];
}

/** Maps inside a net. */
export interface Body {
  readonly stem: SymbolicTensor;
  readonly stages: readonly SymbolicTensor[];
  /** The maps whose means are the features. */
  readonly last: SymbolicTensor;
}

/** What a net is made of. */
export interface Parts extends Convolutions {
  /** A number of channels, times the width of the net, rounded. */
  readonly scaled: (channels: number) => number;
}

const netOptions = optionsOf<NetOptions>()({
  seed: finite,
  classes: whole(1),
  width: positive.default(1),
});

/**
 * A net that ends in the means of its last maps, and a linear classifier.
 *
 * @param divisor numbers of channels are rounded to its multiples where the net is not as wide as published
 */
export function makeNet(
  where: string,
  { kernels, classifier }: Starts,
  body: (pictures: SymbolicTensor, parts: Parts) => Body,
  divisor = 1,
): MakeNet {
  return (options) => {
    const { seed, classes, width } = netOptions.read(where, options);
    const scaled = (channels: number): number =>
      divisor * Math.max(1, Math.round((channels * width) / divisor));
    const pictures = input({ shape: [32, 32, 3], name: 'pictures' });
    const { stem, stages, last } = body(pictures, { ...convolutionsOf(seed, kernels), scaled });
    const features = output(layers.globalAveragePooling2d({ name: 'features' }), last);
    const fans = { fanIn: channelsOf(features), fanOut: classes };
    const logits = layers.dense({
      units: classes,
      kernelInitializer: classifier[0](fans, seedOf(seed, 'logits')),
      biasInitializer: classifier[1](fans, seedOf(seed, 'bias of logits')),
      name: 'logits',
    });
    return {
      model: model({ inputs: pictures, outputs: output(logits, features), name: where }),
      stem: layerOf(stem),
      maps: stages.map(layerOf),
      features: layerOf(features),
    };
  };
}

function layerOf({ sourceLayer }: SymbolicTensor): string {
  return sourceLayer.name;
}
