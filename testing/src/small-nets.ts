// Two dense layers on four numbers, and data for them.
import type { Convention } from '@kd/core';
import { train as optimizers } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A student of two classes. */
export const student = (): { model: LayersModel; convention: Convention } => ({
  model: sequential({
    layers: [
      layers.dense({ units: 3, name: 'thin_hidden', activation: 'relu', inputShape: [4] }),
      layers.dense({ units: 2, name: 'thin_out' }),
    ],
  }),
  convention: 'logits',
});

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

export const sgd = (): Optimizer => optimizers.sgd(0.1);
