import { goldenFile } from '@kd/testing';
import { seededRandom } from '@kd/testing/seeded-random';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BatchStream } from '@kd/data';

/** The losses of 200 steps in PyTorch. */
export interface GoldenCase {
  readonly net: 'dense' | 'convolutional';
  readonly optimizer: 'adam' | 'sgd';
  readonly losses: Readonly<Record<'soft' | 'hard', readonly number[]>>;
}

/** Written by make_distillation.py beside it. */
export const golden: readonly GoldenCase[] = (goldenFile('trainer/distillation') as { cases: GoldenCase[] })
  .cases;

const [batchSize, batches, classes] = [8, 8, 10];

/** What make_distillation.py calls `numbers`. */
function numbers(shape: readonly number[], seed: number, limit: number): Float32Array {
  const random = seededRandom(seed);
  const length = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length }, () => limit * (2 * random() - 1));
}

/** Gives a model the weights that make_distillation.py uses. */
function startFrom(model: LayersModel, seed: number, scale: number): LayersModel {
  const kernels = model.layers.flatMap((layer) => layer.weights).filter(({ shape }) => shape.length > 1);
  tidy(() => {
    kernels.forEach((kernel, place) => {
      const shape = kernel.shape as number[];
      const [outputs = 1, inputs = 1, ...window] = shape.toReversed();
      const limit = Math.sqrt(6 / (window.reduce((a, b) => a * b, 1) * (inputs + outputs)));
      kernel.write(tensor(numbers(shape, 1000 * seed + place, scale * limit), shape));
    });
  });
  return model;
}

function dense(units: number): LayersModel {
  const hidden = { units, activation: 'relu' } as const;
  return sequential({
    layers: [
      layers.dense({ ...hidden, inputShape: [20] }),
      layers.dense(hidden),
      layers.dense({ units: classes }),
    ],
  });
}

function convolutional(filters: number): LayersModel {
  const convolution = { kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  return sequential({
    layers: [
      layers.conv2d({ ...convolution, filters, inputShape: [8, 8, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...convolution, filters: 2 * filters }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: classes }),
    ],
  });
}

/** The batches of an epoch, in the same order each time. */
function batchesOf(shape: readonly number[]): BatchStream {
  const all = numbers([batches, batchSize, ...shape], 3, 1);
  const size = all.length / batches;
  return function* () {
    for (let batch = 0; batch < batches; batch++) {
      const values = all.slice(batch * size, (batch + 1) * size);
      const labels = Int32Array.from(
        { length: batchSize },
        (_, row) => (7 * (batch * batchSize + row)) % classes,
      );
      yield {
        inputs: { x: tensor(values, [batchSize, ...shape]) },
        targets: { labels: tensor(labels, [batchSize], 'int32') },
      };
    }
  };
}

/** The initial state of a case. */
interface Training {
  readonly student: LayersModel;
  readonly teacher: LayersModel;
  readonly data: BatchStream;
}

/** The trainings by the names of the golden cases. */
export const trainings: Readonly<Record<GoldenCase['net'], () => Training>> = {
  dense: () => ({
    student: startFrom(dense(16), 1, 1),
    teacher: startFrom(dense(32), 2, 2),
    data: batchesOf([20]),
  }),
  convolutional: () => ({
    student: startFrom(convolutional(3), 1, 1),
    teacher: startFrom(convolutional(6), 2, 2),
    data: batchesOf([8, 8, 1]),
  }),
};
