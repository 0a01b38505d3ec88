// Small models and data of equal numbers in every call.
import type { InMemoryData } from '@kd/data';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { wave } from '../features.js';

/** Seven examples in batches of three: the last one of an epoch is smaller, and has a function of its own. */
export const examples = 7;
export const batchSize = 3;
export const classes = 3;

/** Gives all weights values that are the same for every model of this kind. */
export function withWeights(model: LayersModel, phase = 2): LayersModel {
  for (const [index, weight] of model.weights.entries()) {
    const shape = weight.shape as number[];
    const size = shape.reduce((a, b) => a * b, 1);
    // Batch normalisation needs variances above zero.
    const isVariance = weight.originalName.includes('variance');
    tidy(() => {
      weight.write(tensor(wave(size, index + phase).map((x) => (isVariance ? 1 + x : x)), shape)); // prettier-ignore
    });
  }
  return model;
}

/** Four numbers to three, with layers in between. */
export function denseNet(between: readonly layers.Layer[] = [], more = {}, phase = 2): LayersModel {
  const hidden = layers.dense({ name: 'hidden', units: 5, activation: 'tanh', inputShape: [4], ...more });
  return withWeights(
    sequential({ layers: [hidden, ...between, layers.dense({ name: 'logits', units: classes })] }),
    phase,
  );
}

/** A map of 4 x 4 x 2 to three numbers; `filters` in the layer to tap. */
export function mapNet(name: string, filters: number, phase = 2, last?: 'softmax' | 'sigmoid'): LayersModel {
  const activation = 'tanh';
  return withWeights(
    sequential({
      layers: [
        layers.conv2d({ name, filters, kernelSize: 3, padding: 'same', activation, inputShape: [4, 4, 2] }),
        layers.flatten(),
        layers.dense({ name: 'logits', units: classes, ...(last && { activation: last }) }),
      ],
    }),
    phase,
  );
}

/** Numbers of examples, from -1 to 1. */
export function numbersOf(shape: readonly number[], phase = 1, rows: number = examples): Float32Array {
  return Float32Array.from(wave(rows * shape.reduce((a, b) => a * b, 1), phase).map((x) => 2 * x));
}

/** Examples of a shape, with classes. */
export function dataOf(shape: readonly number[] = [4], rows: number = examples): InMemoryData {
  return {
    inputs: { values: numbersOf(shape, 1, rows), shape: [rows, ...shape] },
    labels: Int32Array.from({ length: rows }, (_, row) => (row * 7) % classes),
  };
}
