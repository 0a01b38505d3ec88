import { defineRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import type { Teacher } from '@kd/core';
import type { Digits } from '@kd-examples/mnist';
import { pixels } from '@kd-examples/mnist';
import { argMax, notEqual, sum, tensor, tidy, train as optimizers } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { DigitData } from './digits.js';

/** How long and in which order a model is trained. */
export interface Budget {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** Trains on labels, and on a teacher if there is one; gives the loss of each step. */
export async function trainModel(
  model: LayersModel,
  data: DigitData,
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
    optimizer: () => optimizers.adam(learningRate),
    onEvent: (event) => {
      if (event.type === 'step') losses.push(event.total);
    },
  });
  return losses;
}

/** Number of digits that a model takes for another. */
export async function countErrors(model: LayersModel, { images, labels, size }: Digits): Promise<number> {
  const wrong = tidy(() => {
    const scores = model.predict(tensor(images, [size, pixels]), { batchSize: 500 }) as Tensor;
    return sum(notEqual(argMax(scores, 1), tensor(labels, [size], 'int32')));
  });
  const [errors = NaN] = await wrong.data();
  wrong.dispose();
  return errors;
}
