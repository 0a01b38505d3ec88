import { ones } from '@tensorflow/tfjs-core';
import * as module from '@kd/data';
import type { ValidCallsOf } from '../valid-call.js';
import { batch, column, consume, context, ids, scores } from './values.js';
import { data as inMemory } from './values.js';

const images = () => ({ values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape: [2, 2, 2, 1] });
const time = { seed: 1, epoch: 0 };
const imageData = () => ({ inputs: images(), labels: column() });
const flips = () => [module.randomFlip()];
const image = () => ({ values: Float32Array.of(1, 2, 3, 4), shape: [2, 2, 1] as const });
const augment = (augmentation: module.Augmentation): unknown =>
  augmentation(image(), module.exampleRandom(1, 0, 0));
const stream = () => [batch()];

export const data: ValidCallsOf<typeof module> = {
  augmentImages: () => [images(), [0, 1], time, flips()],
  augmentTensor: () => [ones([2, 2, 1, 1]), [0, 1], time, flips()],
  augmentedStream: {
    args: () => [imageData(), { batchSize: 2, augmentations: flips(), mixup: { alpha: 0.2 } }],
    use: (made) => consume(made(context)),
  },
  checkBatchSize: { args: () => ['fuzz', 'options.batchSize', 2, inMemory()], checked: [2] },
  checkColumn: { args: () => ['fuzz', 'column', column(), 'as given'], checked: [2] },
  checkData: { args: () => ['fuzz', 'data', inMemory()], checked: [2] },
  checkIds: { args: () => ['fuzz', 'ids', [...ids], 2], checked: [2] },
  checkRepeatableData: { args: () => ['fuzz', 'data', inMemory()], checked: [2] },
  checkedBatches: { args: () => ['fuzz', 'data', stream, context], checked: [2], use: consume },
  exampleRandom: { args: () => [1, 0, 0], use: (random) => random.uniform() },
  examplesInMemory: { args: () => ['fuzz', 'data', inMemory()], checked: [2] },
  fromDataset: {
    args: () => [
      { iterator: () => Promise.resolve({ next: () => Promise.resolve({ done: true, value: null }) }) },
    ],
    use: (made) => consume(made(context)),
  },
  groupsOfBatches: { args: () => [stream(), 2], use: consume },
  inputDigests: () => [{ input: scores() }, 2, { lengths: [1, 2] }],
  isInMemory: { args: () => [inMemory()], checked: [] },
  mixup: () => [Float32Array.of(1, 2), Float32Array.of(3, 4), [0.5, 0.5]],
  randomCrop: { args: () => [{ padding: 1, height: 2, width: 2 }], use: augment },
  randomFlip: { args: () => [{ axis: 'vertical', probability: 0.5 }], use: augment },
  randomShift: { args: () => [{ height: 1, width: 1 }], use: augment },
  readClassIds: {
    args: () => ['fuzz', 'labels', Int32Array.of(0, 1), { rows: 2, classes: 2 }],
    checked: [2],
  },
  readOnce: { args: () => ['fuzz', 'data', inMemory(), 2], checked: [2, 3], use: consume },
  readScores: { args: () => ['fuzz', 'scores', column()], checked: [2] },
  rowsFrom: { args: () => [0, 2], checked: [] },
  shuffledOrder: () => [3, 1],
  sizedStream: { args: () => [stream], checked: [] },
};
