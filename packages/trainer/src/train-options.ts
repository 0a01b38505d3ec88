import type { Optimizer } from '@tensorflow/tfjs-core';
import { checkFunction, checkInteger, checkOptions, describeValue, KdError } from '@kd/core';
import { checkCallbacks } from './callbacks.js';
import type { Callback } from './callbacks.js';
import type { BatchStream } from './data/batch-stream.js';
import type { InMemoryData } from './data/in-memory-data.js';
import type { TrainEvent } from './events.js';
import type { Measurements } from './history.js';
import type { Measure } from './measure.js';

/** A data set in memory, or a function that gives the batches of an epoch. */
export type TrainingData = InMemoryData | BatchStream;

/** How a student is judged after each epoch. */
export interface Validation {
  /** Examples with sample weight, or without a label, count accordingly. A stream has to end. */
  readonly data: TrainingData;
  /** Examples a batch for data in memory; default: that of the training. */
  readonly batchSize?: number;
  /** Default `classification`: cross-entropy and accuracy at T = 1. */
  readonly measure?: Measure;
  /** Score of an epoch, lower is better; default: the measurement `loss`. */
  readonly score?: (measured: Measurements) => number;
  /** Ends the training after this many epochs without a better score; default: never. */
  readonly patience?: number;
}

/** Options of `train`. */
export interface TrainOptions {
  readonly data: TrainingData;
  /** Passes over the data, a whole number >= 1. */
  readonly epochs: number;
  /** Examples a step for data in memory, a whole number >= 1; default 32. */
  readonly batchSize?: number;
  /** Ends an epoch after this many steps; a stream that does not end needs it. */
  readonly stepsPerEpoch?: number;
  /** Makes a fresh optimizer for this run: `() => tf.train.adam(1e-3)`. */
  readonly optimizer: () => Optimizer;
  /** Seed of shuffling, of dropout and noise, and of modules, a whole number >= 0; default 0. */
  readonly seed?: number;
  /** With it, the weights of the best epoch are put back at the end. */
  readonly validation?: Validation;
  /** As `model.fit` takes them: tfjs-vis, TensorBoard, handlers of your own. */
  readonly callbacks?: readonly Callback[];
  readonly onEvent?: (event: TrainEvent) => void;
  /** Ends the training after the step at hand, or in the middle of a validation; what was learnt so far is returned. */
  readonly signal?: AbortSignal;
}

const names = [
  'data',
  'epochs',
  'batchSize',
  'stepsPerEpoch',
  'optimizer',
  'seed',
  'validation',
  'callbacks',
  'onEvent',
  'signal',
];

/** Checks everything about the options of `train` that needs no data. */
export function checkTrainOptions(where: string, options: TrainOptions): void {
  checkOptions(where, options, names);
  const { data, epochs, batchSize, stepsPerEpoch, optimizer, seed, validation, callbacks, onEvent, signal } =
    options;
  checkData(where, 'options.data', data);
  checkInteger(where, 'options.epochs', epochs, 1);
  checkFunction(where, 'options.optimizer', optimizer);
  if (seed !== undefined) checkInteger(where, 'options.seed', seed, 0);
  if (stepsPerEpoch !== undefined) checkInteger(where, 'options.stepsPerEpoch', stepsPerEpoch, 1);
  if (onEvent !== undefined) checkFunction(where, 'options.onEvent', onEvent);
  checkBatchSize(where, 'options', data, batchSize);
  if (callbacks !== undefined) checkCallbacks(where, 'options.callbacks', callbacks);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw typeError(where, 'options.signal', 'an AbortSignal', signal);
  }
  if (validation !== undefined) checkValidation(where, validation);
}

function checkValidation(where: string, validation: Validation): void {
  const argument = 'options.validation';
  checkOptions(where, validation, ['data', 'batchSize', 'measure', 'score', 'patience'], argument);
  const { data, batchSize, measure, score, patience } = validation;
  checkData(where, `${argument}.data`, data);
  checkBatchSize(where, argument, data, batchSize);
  if (measure !== undefined) checkFunction(where, `${argument}.measure`, measure);
  if (score !== undefined) checkFunction(where, `${argument}.score`, score);
  if (patience !== undefined) checkInteger(where, `${argument}.patience`, patience, 1);
}

function checkData(where: string, argument: string, data: unknown): void {
  if (typeof data === 'function' || (typeof data === 'object' && data !== null && 'inputs' in data)) return;
  throw new KdError({
    code: 'KD_DATA_TYPE',
    where,
    argument,
    expected: '{ inputs, labels, ... } in memory, or a function that gives batches',
    received: describeValue(data),
    remedy: 'For a tf.data.Dataset, pass fromDataset(dataset).',
  });
}

function checkBatchSize(where: string, argument: string, data: TrainingData, batchSize: unknown): void {
  if (batchSize === undefined) return;
  checkInteger(where, `${argument}.batchSize`, batchSize, 1);
  if (typeof data === 'function') {
    throw typeError(
      where,
      `${argument}.batchSize`,
      'absent for a stream, which makes its own batches',
      batchSize,
    );
  }
}

function typeError(where: string, argument: string, expected: string, received: unknown): KdError {
  const remedy = 'Pass a value of that type, or leave the option out.';
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected,
    received: describeValue(received),
    remedy,
  });
}
