import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { numbers } from './numbers.js';

/**
 * Gives a model its first weights, from a seed and the place of each weight, so that names and initializers
 * do not matter: kernels uniform as Glorot and Bengio 2010 have them. Biases, scales and statistics begin
 * with the same numbers anyway.
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
