import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import type { Teacher } from '@kd/core';
import type { InMemoryData } from '@kd/data';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** How long and in which order to train a model. */
export interface Budget {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** Trains on labels, and on a teacher if there is one; returns the loss of each step. */
export async function trainModel(
  model: LayersModel,
  data: InMemoryData,
  { epochs, batchSize, learningRate, seed }: Budget,
  teacher?: Teacher,
): Promise<number[]> {
  const recipe = defineRecipe({
    student: { model, convention: 'logits' },
    ...(teacher === undefined ? {} : { teacher }),
    terms:
      teacher === undefined
        ? [hardTarget()]
        : [softTarget({ temperature: 4, weight: 0.3 }), hardTarget({ weight: 0.7 })],
  });
  const losses: number[] = [];
  await train(recipe, {
    data,
    epochs,
    batchSize,
    seed,
    optimizer: () => tf.train.adam(learningRate),
    onEvent: (event) => {
      if (event.type === 'step') losses.push(event.total);
    },
  });
  return losses;
}
