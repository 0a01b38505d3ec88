// Layers in steps of one call, compared with steps operation by operation, to the bit.
import { stepFunctions } from '@kd/core';
import { adam } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import { valueTarget } from '@kd/regression-loss';
import { hasTensorflow } from '@kd/testing/tensorflow';
import { setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { wave } from '../features.js';
import { layerCases } from '../layer-cases.js';
import { trainBothWays } from './train-both-ways.js';

const isInstalled = (await hasTensorflow()) && stepFunctions() !== undefined;
// The last batch of an epoch is smaller, and has a function of its own.
const [examples, batchSize, epochs] = [7, 3, 4];

// Its models do not accept the inputs that they are built for.
const cases = layerCases.filter(({ name }) => name !== 'centerCrop');

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Values that are the same for every model of this kind. */
function setWeights(model: LayersModel): void {
  for (const [index, weight] of model.weights.entries()) {
    const shape = weight.shape as number[];
    tidy(() => {
      weight.write(tensor(wave(sizeOf(shape), index + 2), shape));
    });
  }
}

describe.skipIf(!isInstalled)('a step in one call', () => {
  it.each(cases)('has the bits of the eager one with $name', async ({ build, inputShape, ids }) => {
    await setBackend('tensorflow');
    const inputs = tensor(
      wave(examples * sizeOf(inputShape), 1).map((x) =>
        ids === undefined ? 2 * x : Math.floor((x + 0.5) * ids),
      ),
      [examples, ...inputShape],
    );
    const outputShape = (build().outputs[0]?.shape ?? []).slice(1) as number[];
    const labels = tensor(wave(examples * sizeOf(outputShape), 7), [examples, ...outputShape]);
    const recipe = () => {
      const model = build();
      setWeights(model);
      return defineRecipe({ student: { model, convention: 'values' }, terms: [valueTarget()] });
    };
    const { eager, compiled } = await trainBothWays(recipe, () => ({
      data: { inputs, labels },
      epochs,
      batchSize,
      optimizer: () => adam({ learningRate: 0.01 }),
    }));
    expect(compiled.reason).toBeUndefined();
    expect(compiled.totals).toEqual(eager.totals);
    expect(compiled.gradientNorms).toEqual(eager.gradientNorms);
    expect(compiled.weights).toEqual(eager.weights);
    expect(eager.calls).toBe(0);
    expect(compiled.calls).toBeGreaterThan(epochs);
  });
});
