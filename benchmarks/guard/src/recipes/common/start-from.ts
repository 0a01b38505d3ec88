import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { numbers } from './numbers.js';

/**
 * Sets the first weights of a model from a seed and the position of each weight, so that names and
 * initializers do not matter. Kernels are uniform as in Glorot and Bengio 2010; biases, scales and statistics
 * are the same in all models anyway.
 */
export function startFrom<Model extends LayersModel>(model: Model, seed: number): Model {
  const kernels = model.layers.flatMap((layer) => layer.weights).filter(({ shape }) => shape.length > 1);
  tidy(() => {
    kernels.forEach((kernel, place) => {
      const shape = kernel.shape as number[];
      const [outputs = 1, inputs = 1] = shape.toReversed();
      const size = shape.reduce((a, b) => a * b, 1);
      const limit = Math.sqrt(6 / ((size / (inputs * outputs)) * (inputs + outputs)));
      kernel.write(
        tensor(
          numbers(size, 1000 * seed + place).map((value) => limit * value),
          shape,
        ),
      );
    });
  });
  return model;
}
