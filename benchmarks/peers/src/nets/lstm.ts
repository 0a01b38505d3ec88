import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Reads an image of 28 x 28 row by row, and ends with the logits of 10 classes. */
export function lstm(units: number): LayersModel {
  return sequential({
    layers: [
      layers.lstm({
        units,
        inputShape: [28, 28],
        // As in PyTorch; tfjs's default is a piecewise linear function.
        recurrentActivation: 'sigmoid',
        // tfjs's default initializer needs a part of tfjs that is not loaded here.
        recurrentInitializer: 'glorotNormal',
      }),
      layers.dense({ units: 10 }),
    ],
  });
}
