// Shared by the cases: two dense layers on four numbers.
import { namedWeights } from '@kd/model';
import type { Convention, Teacher } from '@kd/core';
import type { Student } from '@kd/recipe';
import { layersTeacher } from '@kd/teacher';
import { train as optimizers } from '@tensorflow/tfjs-core';
import type { Optimizer, Tensor } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The layers `<name>_hidden` and `<name>_out`. */
export const mlp = (units: number, name: string, outputs = 2): LayersModel =>
  sequential({
    layers: [
      layers.dense({ units, name: `${name}_hidden`, activation: 'relu', inputShape: [4] }),
      layers.dense({ units: outputs, name: `${name}_out` }),
    ],
  });

export const student = (outputs?: number, convention: Convention = 'logits'): Student => ({
  model: mlp(3, 'thin', outputs),
  convention,
});

export const teacher = (outputs?: number, convention: Convention = 'logits'): Teacher =>
  layersTeacher(mlp(9, 'wide', outputs), { convention });

/** Numbers between -1 and 1; no two rows are equal. */
export const numbers = (
  rows: number,
  rowShape: readonly number[],
): { values: Float32Array; shape: number[] } => {
  const size = rowShape.reduce((product, axis) => product * axis, rows);
  return {
    values: Float32Array.from({ length: size }, (_, index) => Math.sin(index ** 2)),
    shape: [rows, ...rowShape],
  };
};

export const data: { inputs: ReturnType<typeof numbers>; labels: Int32Array } = {
  inputs: numbers(16, [4]),
  labels: Int32Array.from({ length: 16 }, (_, row) => row % 2),
};

export const adam = (): Optimizer => optimizers.adam(0.01);
export const sgd = (): Optimizer => optimizers.sgd(0.1);

/** The only number of a tensor. */
export const valueOf = (tensor: Tensor): number => tensor.dataSync()[0] ?? NaN;

/** Every weight of a model. */
export const numbersOf = (model: LayersModel): number[] =>
  namedWeights(model).flatMap(({ variable: weight }) => Array.from(weight.dataSync()));
