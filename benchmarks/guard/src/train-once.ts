import process from 'node:process';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { StepTimes, WeightPlace } from './messages.js';
import type { GuardRecipe, Size } from './recipes/index.js';

/** The outcome of a training. */
export interface TrainedOnce extends StepTimes {
  readonly weights: readonly WeightPlace[];
  /** The values of all weights, one after the other. */
  readonly values: Float32Array;
}

/** Trains a recipe from the start on the current backend. */
export async function trainOnce(recipe: GuardRecipe, size: Size): Promise<TrainedOnce> {
  const [wall, processor]: [number[], number[]] = [[], []];
  const models = await recipe.run(size, () => {
    const { user, system } = process.cpuUsage();
    wall.push(performance.now());
    processor.push((user + system) / 1000);
  });
  const weights: WeightPlace[] = [];
  const values: number[] = [];
  for (const [index, model] of models.entries()) {
    for (const { name, weight } of weightsInOrder(model)) {
      weights.push({
        name: models.length > 1 ? `${String(index)}/${name}` : name,
        shape: weight.shape as number[],
      });
      for (const value of await weight.read().data()) values.push(value);
    }
    model.dispose();
  }
  return {
    weights,
    values: Float32Array.from(values),
    milliseconds: between(wall),
    processorMilliseconds: between(processor),
  };
}

/** Layer by layer, because freezing a layer changes the order of `model.weights`. */
function weightsInOrder(model: LayersModel) {
  return model.layers.flatMap((layer) =>
    layer.weights.map((weight) => ({
      name: `${layer.name}/${weight.originalName.split('/').at(-1) ?? ''}`,
      weight,
    })),
  );
}

function between(ends: readonly number[]): number[] {
  return ends.slice(1).map((end, index) => end - (ends[index] ?? NaN));
}
