import { checkFunction, checkInteger, checkOptions } from '@kd/core';
import { checkBatchSize, checkRepeatableData } from '@kd/data';
import type { RepeatableData } from '@kd/data';
import { checkCallbacks } from './callbacks.js';
import type { Callback } from './callbacks.js';
import type { CheckpointOptions } from './checkpoint/store.js';
import { checkCheckpoint } from './checkpoint/store.js';
import type { TrainEvent } from './events.js';
import { checkStageTraining, checkStopping, stageTrainingNames, typeError } from './stage.js';
import type { StageTraining, Stopping } from './stage.js';

/** Examples that a student is judged on after each epoch. */
export interface ValidationData {
  /** Examples with sample weight, or without a label, count accordingly. A stream has to end. */
  readonly data: RepeatableData;
  /** Examples a batch for data in memory; default: that of the training. */
  readonly batchSize?: number;
}

/** How a student is judged after each epoch. */
export interface Validation extends ValidationData, Stopping {}

/** Options of a training that all its stages share. */
export interface SharedOptions {
  readonly data: RepeatableData;
  /** Examples a batch for data in memory, a whole number >= 1; default 32. */
  readonly batchSize?: number;
  /** Ends an epoch after this many steps; a stream that does not end needs it. */
  readonly stepsPerEpoch?: number;
  /** Seed of shuffling, of dropout and noise, and of modules, a whole number >= 0; default 0. */
  readonly seed?: number;
  /** As `model.fit` takes them: tfjs-vis, TensorBoard, handlers of your own. */
  readonly callbacks?: readonly Callback[];
  readonly onEvent?: (event: TrainEvent) => void;
  /** Ends the training after the step at hand, or in the middle of a validation; what was learnt so far is returned. */
  readonly signal?: AbortSignal;
  /** Where and how often the state of the training is kept; default: nowhere. */
  readonly checkpoint?: CheckpointOptions;
}

/** Options of `train`. */
export interface TrainOptions extends SharedOptions, StageTraining {
  /** With it, the weights of the best epoch are put back at the end. */
  readonly validation?: Validation;
}

/** Names of the options in `SharedOptions`. */
export const sharedNames: readonly string[] = [
  'data',
  'batchSize',
  'stepsPerEpoch',
  'seed',
  'callbacks',
  'onEvent',
  'signal',
  'checkpoint',
];

/** Checks everything about the options of `train` that needs no data. */
export function checkTrainOptions(where: string, options: TrainOptions): void {
  checkOptions(where, options, [...sharedNames, ...stageTrainingNames, 'validation']);
  checkShared(where, options);
  checkStageTraining(where, 'options.', options);
  const { validation } = options;
  if (validation === undefined) return;
  const argument = 'options.validation';
  checkOptions(where, validation, ['data', 'batchSize', 'measure', 'score', 'patience'], argument);
  checkValidationData(where, validation);
  checkStopping(where, argument, validation);
}

/** Checks the options that all stages share. */
export function checkShared(where: string, options: SharedOptions): void {
  const { data, batchSize, stepsPerEpoch, seed, callbacks, onEvent, signal, checkpoint } = options;
  checkRepeatableData(where, 'options.data', data);
  if (seed !== undefined) checkInteger(where, 'options.seed', seed, 0);
  if (stepsPerEpoch !== undefined) checkInteger(where, 'options.stepsPerEpoch', stepsPerEpoch, 1);
  if (onEvent !== undefined) checkFunction(where, 'options.onEvent', onEvent);
  checkBatchSize(where, 'options.batchSize', batchSize, data);
  if (callbacks !== undefined) checkCallbacks(where, 'options.callbacks', callbacks);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw typeError(where, 'options.signal', 'an AbortSignal', signal);
  }
  if (checkpoint !== undefined) checkCheckpoint(where, 'options.checkpoint', checkpoint);
}

/** Checks a validation set. */
export function checkValidationData(where: string, { data, batchSize }: ValidationData): void {
  checkRepeatableData(where, 'options.validation.data', data);
  checkBatchSize(where, 'options.validation.batchSize', batchSize, data);
}
