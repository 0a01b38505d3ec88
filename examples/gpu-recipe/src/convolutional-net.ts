import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Sequential } from '@tensorflow/tfjs-layers';

/** Two convolutions with batch normalisation, and ten logits; the map in the middle is named "middle". */
export function convolutionalNet(filters: number): Sequential {
  const convolution = (seed: number, strides: number) =>
    ({
      strides,
      kernelSize: 3,
      padding: 'same',
      useBias: false,
      kernelInitializer: initializers.heNormal({ seed }),
    }) as const;
  return sequential({
    layers: [
      layers.conv2d({ filters, ...convolution(1, 2), inputShape: [28, 28, 1] }),
      layers.batchNormalization(),
      layers.reLU({ name: 'middle' }),
      layers.conv2d({ filters: 2 * filters, ...convolution(2, 2) }),
      layers.batchNormalization(),
      layers.reLU(),
      layers.flatten(),
      layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: 3 }) }),
    ],
  });
}
