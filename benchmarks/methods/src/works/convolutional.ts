import { subSeed } from '@kd/core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import type { TappedNet } from './work.js';

/**
 * A net for pictures of 28x28: three convolutions of 3x3 with batch normalisation and rectified linear units,
 * the first two with pooling to half the size, then the mean over all positions and ten logits.
 */
export function convolutional(widths: readonly number[], seed: number): TappedNet {
  const model = sequential();
  model.add(layers.inputLayer({ inputShape: [28, 28, 1], name: 'image' }));
  const maps = widths.map((filters, index) => {
    const number = String(index + 1);
    const kernelInitializer = initializers.heNormal({ seed: subSeed(seed, 'layer', index) });
    model.add(
      layers.conv2d({
        filters,
        kernelSize: 3,
        padding: 'same',
        useBias: false,
        kernelInitializer,
        name: `convolution_${number}`,
      }),
    );
    model.add(layers.batchNormalization({ momentum: 0.9, name: `normalisation_${number}` }));
    model.add(layers.activation({ activation: 'relu', name: `relu_${number}` }));
    if (index === widths.length - 1) return `relu_${number}`;
    model.add(layers.maxPooling2d({ poolSize: 2, strides: 2, name: `pooling_${number}` }));
    return `pooling_${number}`;
  });
  model.add(layers.globalAveragePooling2d({ name: 'features' }));
  const kernelInitializer = initializers.glorotNormal({ seed: subSeed(seed, 'logits') });
  model.add(layers.dense({ units: 10, kernelInitializer, name: 'logits' }));
  return { model, maps, features: 'features' };
}
