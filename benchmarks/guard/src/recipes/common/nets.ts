import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { classes } from './examples.js';
import type { Size } from './recipe.js';
import { startFrom } from './start-from.js';

/** Input numbers of the dense nets. */
export const features: readonly number[] = [64];

/** Shape of an image. */
export const imageOf = ({ side }: Size): number[] => [side, side, 3];

/** The name of the layer that outputs the logits. */
export const logits = (): layers.Layer => layers.dense({ name: 'logits', units: classes });

/** A net with two hidden layers. */
export function perceptron(units: number, seed: number): LayersModel {
  const hidden = { units, activation: 'relu' } as const;
  const model = sequential({
    layers: [
      layers.dense({ ...hidden, name: 'hidden_1', inputShape: [...features] }),
      layers.dense({ ...hidden, name: 'hidden_2' }),
      logits(),
    ],
  });
  return startFrom(model, seed);
}

/** A net with two convolutions, the second with twice as many filters as the first. */
export function convnet(size: Size, filters: number, seed: number): LayersModel {
  const convolution = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  const model = sequential({
    layers: [
      layers.conv2d({ ...convolution, name: 'conv_1', filters, inputShape: imageOf(size) }),
      layers.maxPooling2d({ name: 'pool_1', poolSize: 2 }),
      layers.conv2d({ ...convolution, name: 'conv_2', filters: 2 * filters }),
      layers.maxPooling2d({ name: 'pool_2', poolSize: 2 }),
      layers.flatten({ name: 'flatten' }),
      logits(),
    ],
  });
  return startFrom(model, seed);
}
