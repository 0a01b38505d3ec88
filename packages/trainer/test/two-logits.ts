import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import type { Term } from '@kd/core';
import { layersTeacher } from '@kd/teacher';
import { tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { InMemoryData } from '@kd/data';

// The learning rate is 0: every number comes from the same student and the same data, whatever the batches
// are.
export const optimizer = (): Optimizer => optimizers.sgd(0);
export const tolerance = { relative: 2e-6, absolute: 1e-7 };

/** Logits `[factor * x, 0]`. */
export const net = (inputShape: number[], factor = 1, more: object = {}): LayersModel =>
  sequential({
    layers: [
      layers.dense({ units: 2, inputShape, weights: [tensor2d([[factor, 0]]), tensor1d([0, 0])], ...more }),
    ],
  });
export const recipeOf = (terms: readonly Term[], model: LayersModel = net([1])): Recipe =>
  defineRecipe({
    student: { model, convention: 'logits' },
    teacher: layersTeacher(net([1], 0), { convention: 'logits' }),
    terms,
  });
/** Cross-entropy with class 0. */
export const hardLoss = (x: number): number => Math.log1p(Math.exp(-x));
/** Divergence from the teacher, which says [1/2, 1/2]. */
export const softLoss = (x: number): number => (hardLoss(x) + hardLoss(-x)) / 2 - Math.log(2);
export const weightedMean = (values: readonly number[], weights: readonly number[]): number =>
  values.reduce((sum, value, row) => sum + value * (weights[row] ?? 0), 0) /
  weights.reduce((a, b) => a + b, 0);

export const xs: readonly number[] = [1, -1, 3, 5];
export const data: InMemoryData = {
  inputs: { values: Float32Array.from(xs), shape: [4, 1] },
  labels: new Int32Array(4),
};
export const partly: InMemoryData = { ...data, labelled: Float32Array.of(1, 1, 0, 0) };
