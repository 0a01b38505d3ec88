import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';

/** A net for the images that outputs the logits of their three classes. */
export function net(filters, seed) {
  const kernelInitializer = initializers.heNormal({ seed });
  return sequential({
    layers: [
      layers.conv2d({
        filters,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [8, 8, 1],
        kernelInitializer,
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 3, kernelInitializer }),
    ],
  });
}
