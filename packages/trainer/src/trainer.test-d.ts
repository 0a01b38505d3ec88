import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { train as optimizers } from '@tensorflow/tfjs-core';
import { array } from '@tensorflow/tfjs-data';
import { callbacks, CustomCallback } from '@tensorflow/tfjs-layers';
import type { Callback as TfjsCallback, CustomCallbackArgs, History } from '@tensorflow/tfjs-layers';
import type { Batch } from '@kd/core';
import type { Student } from '@kd/recipe';
import { expectTypeOf } from 'vitest';
import { classificationMetrics, train } from './index.js';
import { fromDataset } from '@kd/data';
import type {
  Callback,
  CallbackLike,
  EpochRecord,
  Metric,
  Run,
  StopReason,
  TrainEvent,
  TrainOptions,
  Validation,
} from './index.js';
import type { BatchStream, DatasetLike, InMemoryData, RepeatableData } from '@kd/data';
import { abortOnInterrupt } from './node.js';
import type { Interrupt } from './node.js';

declare const tensor: Tensor2D;
declare const stream: AsyncIterable<Batch>;

// Data in memory.
({ inputs: tensor, labels: new Int32Array(3) }) satisfies InMemoryData;
({ inputs: { left: tensor, right: { values: new Uint8Array(6), shape: [3, 2] } } }) satisfies InMemoryData;
({ inputs: tensor, targets: { depth: new Float32Array(3) }, ids: ['a'] as const }) satisfies InMemoryData;
// @ts-expect-error Numbers come in typed arrays.
({ inputs: [[1, 2]] }) satisfies InMemoryData;
// @ts-expect-error tfjs has no float64 tensors.
({ inputs: new Float64Array(3) }) satisfies InMemoryData;
// @ts-expect-error Inputs are required.
({ labels: new Int32Array(3) }) satisfies InMemoryData;

// Streams.
(() => stream) satisfies BatchStream;
(({ epoch, seed, skip }) => (epoch + seed + skip > 0 ? [] : stream)) satisfies BatchStream;
(function* (): Generator<Batch> {
  yield { inputs: { x: tensor } };
}) satisfies RepeatableData;
// @ts-expect-error A promise of batches cannot be iterated.
(() => Promise.resolve([{ inputs: { x: tensor } }])) satisfies BatchStream;
expectTypeOf(array([{ xs: [1], ys: 0 }]).batch(2)).toExtend<DatasetLike>();
expectTypeOf(fromDataset).returns.toEqualTypeOf<BatchStream>();

// Any callback of model.fit.
expectTypeOf<CustomCallbackArgs>().toExtend<Callback>();
expectTypeOf<TfjsCallback>().toExtend<Callback>();
expectTypeOf<History>().toExtend<Callback>();
expectTypeOf(callbacks.earlyStopping()).toExtend<Callback>();
expectTypeOf(new CustomCallback({})).toExtend<Callback>();
[{ onEpochEnd: (epoch, logs) => [epoch, logs?.['val_loss']] }] satisfies CallbackLike[];
[{ onYield: async () => Promise.resolve() }] satisfies Callback[];

// Options.
({ data: { inputs: tensor }, epochs: 1, optimizer: () => optimizers.adam() }) satisfies TrainOptions;
// @ts-expect-error The optimizer option is a function that makes a fresh one.
({ data: { inputs: tensor }, epochs: 1, optimizer: optimizers.adam() }) satisfies TrainOptions;
// @ts-expect-error The number of epochs has no default.
({ data: { inputs: tensor }, optimizer: () => optimizers.adam() }) satisfies TrainOptions;
const options: TrainOptions = { data: { inputs: tensor }, epochs: 1, optimizer: () => optimizers.adam() };
// @ts-expect-error A validation set may be left out, but not be undefined.
({ ...options, validation: undefined }) satisfies TrainOptions;
expectTypeOf(classificationMetrics).toExtend<Metric>();
// @ts-expect-error A metric is not async.
(async () => Promise.resolve({ loss: tensor })) satisfies Metric;
({ data: { inputs: tensor }, score: ({ accuracy = 0 }) => 1 - accuracy }) satisfies Validation;

// Events are discriminated by their type.
const read = (event: TrainEvent): number | undefined => {
  if (event.type === 'step') return event.losses['soft'];
  if (event.type === 'epoch') return event.validation?.['accuracy'];
  if (event.type === 'start') return event.stepsPerEpoch;
  if (event.type === 'compile') return Number(event.compiled);
  expectTypeOf(event.reason).toEqualTypeOf<StopReason>();
  return event.bestEpoch;
};
expectTypeOf(read).returns.toEqualTypeOf<number | undefined>();

expectTypeOf(train).returns.resolves.toEqualTypeOf<Run>();
expectTypeOf<Run['student']>().toEqualTypeOf<Student>();
expectTypeOf<Run['history']>().toEqualTypeOf<readonly EpochRecord[]>();
expectTypeOf<StopReason>().toEqualTypeOf<'finished' | 'early' | 'aborted' | 'callback'>();
expectTypeOf(abortOnInterrupt).returns.toEqualTypeOf<Interrupt>();
expectTypeOf<Interrupt['signal']>().toExtend<TrainOptions['signal']>();
expectTypeOf<Tensor>().toExtend<InMemoryData['inputs']>();
