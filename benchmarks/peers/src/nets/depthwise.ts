import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A net of depthwise and pointwise convolutions, from images of 28 x 28 to the logits of 10 classes. */
export function depthwise(channels: number): LayersModel {
  const shared = { padding: 'same', activation: 'relu' } as const;
  const separable = (filters: number) => [
    layers.depthwiseConv2d({ ...shared, kernelSize: 3 }),
    layers.conv2d({ ...shared, kernelSize: 1, filters }),
  ];
  return sequential({
    layers: [
      layers.conv2d({ ...shared, kernelSize: 3, filters: channels, inputShape: [28, 28, 1] }),
      ...separable(2 * channels),
      layers.maxPooling2d({ poolSize: 2 }),
      ...separable(4 * channels),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 10 }),
    ],
  });
}
