import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from '@kd/model';

/** The values of a model's weights, in the order of its layers, as processes send them to each other. */
export type Weights = readonly Float32Array[];

/** Reads the weights of a model. */
export async function readWeights(model: LayersModel): Promise<Weights> {
  return Promise.all(
    namedWeights(model).map(async ({ variable }) => (await variable.data()) as Float32Array),
  );
}

/** Sets these weights on a model of the same architecture. */
export function writeWeights(model: LayersModel, weights: Weights): void {
  tidy(() => {
    namedWeights(model).forEach(({ variable }, index) => {
      variable.assign(tensor(weights[index] as Float32Array, variable.shape));
    });
  });
}
