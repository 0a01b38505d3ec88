import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A student whose logits are its inputs until it is trained. */
export function identity(width: number, options: object = {}): LayersModel {
  return sequential({
    layers: [
      layers.dense({
        name: 'logits',
        units: width,
        useBias: false,
        kernelInitializer: 'identity',
        inputShape: [width],
        ...options,
      }),
    ],
  });
}
