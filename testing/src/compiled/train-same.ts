import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget } from '@kd/soft-target-loss';
import { train } from '@kd/trainer';
import type { TrainOptions } from '@kd/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { bothWays, weightsOf } from './both-ways.js';
import type { Ran } from './both-ways.js';
import { batchSize, dataOf, denseNet } from './small.js';

/** A training to run both ways; what is left out has a default. */
export interface Training extends Partial<TrainOptions> {
  readonly model?: LayersModel;
  readonly recipe?: Partial<Recipe>;
}

/** Four epochs of three batches on labels, by Adam. */
export const epochs = 4;

/** Runs a training both ways. Whatever happens is compared: errors, weights, and what `watched` returns. */
export async function trainSame(
  make: () => Training | Promise<Training>,
  watched: () => unknown = () => undefined,
): Promise<{ readonly eager: Ran; readonly compiled: Ran }> {
  return bothWays(async ({ compile, onEvent }) => {
    const { model = denseNet(), recipe = {}, ...options } = await make();
    const shared = { student: { model, convention: 'logits' }, terms: [hardTarget()], ...recipe } as const;
    const optimizer = (): ReturnType<typeof adam> => adam({ learningRate: 0.02 });
    const defaults = { data: dataOf(), epochs, batchSize, optimizer };
    let failure: unknown;
    try {
      await train(defineRecipe(shared), { ...defaults, ...options, compile, onEvent });
    } catch (error) {
      failure = error instanceof Error ? error.message : error;
    }
    return { failure, weights: weightsOf(model), watched: watched() };
  });
}
