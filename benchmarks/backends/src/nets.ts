import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A net, and the name of the layer in its middle. */
export interface Net {
  readonly model: LayersModel;
  readonly middle: string;
}

/** A dense net with two hidden layers, from 784 inputs to the logits of 10 classes. */
export function perceptron(units: number): Net {
  const model = sequential({
    layers: [
      layers.dense({ name: `hidden1_${String(units)}`, units, activation: 'relu', inputShape: [784] }),
      layers.dense({ units, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  });
  return { model, middle: `hidden1_${String(units)}` };
}

/** A convolutional net, from images of 28 x 28 to the logits of 10 classes. */
export function convnet(channels: number): Net {
  const convolution = (filters: number) =>
    ({ filters, kernelSize: 3, padding: 'same', activation: 'relu' }) as const;
  const model = sequential({
    layers: [
      layers.conv2d({ ...convolution(channels), inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2, name: `pool1_${String(channels)}` }),
      layers.conv2d(convolution(2 * channels)),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 10 }),
    ],
  });
  return { model, middle: `pool1_${String(channels)}` };
}
