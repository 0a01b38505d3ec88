import { modelDirectory } from '@kd/files';
import { pixels } from '@kd-datasets/mnist';
import { initializers, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel, Sequential } from '@tensorflow/tfjs-layers';

/**
 * A perceptron with two hidden layers and ten logits. The same seed, from 1, gives the same first weights.
 */
export function perceptron(units: number, seed: number, dropout = 0): Sequential {
  const model = sequential();
  for (const layer of [0, 1]) {
    const kernelInitializer = initializers.heNormal({ seed: seed + layer });
    const inputShape = [layer === 0 ? pixels : units];
    model.add(layers.dense({ units, activation: 'relu', kernelInitializer, inputShape }));
    if (dropout > 0) model.add(layers.dropout({ rate: dropout }));
  }
  model.add(layers.dense({ units: 10, kernelInitializer: initializers.glorotNormal({ seed: seed + 2 }) }));
  return model;
}

/** Loads a model from its directory. */
export function loadModel(directory: string): Promise<LayersModel> {
  return loadLayersModel(modelDirectory(directory));
}
