import { losses, tensor, tidy, train } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { wave } from './features.js';
import type { LayerCase } from './layer-cases.js';
import { seededRandom } from './seeded-random.js';

/** A model of a layer case, ready for training steps on the current backend. */
export interface LayerCaseTraining {
  /** Takes one step of gradient descent and returns the loss before it. */
  step(): Promise<number>;
  /** All weights of the model, one after the other. */
  weights(): Promise<number[]>;
  dispose(): void;
}

/**
 * Starts the training of a case. Weights, inputs, targets and the random numbers that layers draw are the
 * same in every process and on every backend.
 */
export function startLayerCase({ build, inputShape, ids }: LayerCase, batch: number): LayerCaseTraining {
  const model = build();
  setWeights(model);
  const x = tensor(
    wave(batch * inputShape.reduce((a, b) => a * b, 1), 1).map((value) =>
      ids === undefined ? 2 * value : Math.floor((value + 0.5) * ids),
    ),
    [batch, ...inputShape],
  );
  const outputShape = (model.outputs[0]?.shape ?? []).map((size) => size ?? batch);
  const y = tensor(
    wave(
      outputShape.reduce((a, b) => a * b, 1),
      7,
    ),
    outputShape,
  );
  const optimizer = train.sgd(0.1);
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable);
  let steps = 0;
  return {
    step: async () => {
      const loss = withRepeatableRandomness(++steps, () =>
        optimizer.minimize(() => tidy(() => distance(model, x, y)), true, variables),
      );
      const [value] = await (loss as Scalar).data();
      loss?.dispose();
      return value ?? NaN;
    },
    weights: async () => {
      const values = await Promise.all(model.weights.map((weight) => weight.read().data()));
      return values.flatMap((value) => [...value]);
    },
    dispose: () => {
      for (const disposable of [x, y, model, optimizer]) disposable.dispose();
    },
  };
}

function distance(model: LayersModel, x: Tensor, y: Tensor): Scalar {
  return losses.meanSquaredError(y, model.apply(x, { training: true }) as Tensor);
}

function setWeights(model: LayersModel): void {
  model.weights.forEach((weight, index) => {
    const { shape } = weight;
    const values = wave(
      shape.reduce<number>((a, b) => a * (b ?? 1), 1),
      index + 2,
    );
    tidy(() => {
      weight.write(tensor(values, shape as number[]));
    });
  });
}

function withRepeatableRandomness<T>(seed: number, body: () => T): T {
  const { random } = Math;
  Math.random = seededRandom(seed);
  try {
    return body();
  } finally {
    Math.random = random;
  }
}
