import { abortSignal, compileOption, fn, list, nested, numberIn, optionsOf, text, whole } from '@kd/core';
import type { Compile, FieldsOf, Options, Settings } from '@kd/core';
import { checkBatchSize, repeatableData } from '@kd/data';
import type { RepeatableData } from '@kd/data';
import { callbacks } from './callbacks.js';
import type { Callback } from './callbacks.js';
import { checkpointOptions } from './checkpoint/store.js';
import type { CheckpointOptions } from './checkpoint/store.js';
import { checkSplit } from './data/validation-split.js';
import type { TrainEvent } from './events.js';
import { stageTrainingOptions, earlyStoppingOptions } from './stage.js';
import type { StageTraining, EarlyStopping } from './stage.js';

/** Examples to judge a student on after each epoch. */
export interface ValidationData {
  /** Examples count by their sample weight, and unlabelled ones not at all. A stream must end. */
  readonly data: RepeatableData;
  /** Examples per batch for data in memory; default: as in training. */
  readonly batchSize?: number;
}

/** How to judge a student after each epoch. */
export interface Validation extends ValidationData, EarlyStopping {}

/** Options that all stages of a training share. */
export interface SharedOptions {
  readonly data: RepeatableData;
  /** Examples per batch for data in memory, a whole number >= 1; default 32. */
  readonly batchSize?: number;
  /**
   * In place of a validation set: the share of the examples to judge the student on, in (0, 1). As in
   * `model.fit` these are the last ones of data in memory, before it is shuffled; they are not trained on.
   */
  readonly validationSplit?: number;
  /** Ends an epoch after this many steps; an endless stream needs it. */
  readonly stepsPerEpoch?: number;
  /** Seeds shuffling, dropout, noise and modules; a whole number >= 0, default 0. */
  readonly seed?: number;
  /** Callbacks as `model.fit` takes them: tfjs-vis, TensorBoard, your own handlers. */
  readonly callbacks?: readonly Callback[];
  readonly onEvent?: (event: TrainEvent) => void;
  /**
   * Ends the training after the current step, or in the middle of a validation; you get what the student has
   * learnt so far.
   */
  readonly signal?: AbortSignal;
  /**
   * Names of the modules of terms to give back when the training is over, as `modules` of the result; the
   * caller disposes their parts. Default: none.
   */
  readonly keep?: readonly string[];
  /** Where and how often to save the state of the training; default: nowhere. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * `"auto"`, the default: where the backend can, a step runs as one call once two steps have done the same;
   * the event `compile` says whether, and why not. `"never"`: always operation by operation. The numbers are
   * the same to the bit.
   */
  readonly compile?: Compile;
}

/** Options of `train`. */
export interface TrainOptions extends SharedOptions, StageTraining {
  /** With it, the weights of the best epoch are restored at the end. */
  readonly validation?: Validation;
}

/** Describes the options that all stages share. */
export const sharedOptions: Options<
  SharedOptions,
  FieldsOf<SharedOptions, 'seed' | 'callbacks' | 'onEvent' | 'keep' | 'compile'>
> = optionsOf<SharedOptions>()({
  data: repeatableData,
  batchSize: whole(1).optional(),
  validationSplit: numberIn('a number in (0, 1)', (x) => x > 0 && x < 1).optional(),
  stepsPerEpoch: whole(1).optional(),
  seed: whole(0).default(0),
  callbacks: callbacks.default([]),
  onEvent: fn<(event: TrainEvent) => void>().default(() => undefined),
  signal: abortSignal.optional(),
  keep: list(text).default([]),
  checkpoint: nested(checkpointOptions).optional(),
  compile: compileOption.default('auto'),
});

/** Describes a validation set. */
export const validationDataOptions: Options<
  ValidationData,
  FieldsOf<ValidationData>
> = optionsOf<ValidationData>()({ data: repeatableData, batchSize: whole(1).optional() });

/** Describes the options of `train`. */
export const trainOptions: Options<
  TrainOptions,
  FieldsOf<
    TrainOptions,
    'seed' | 'callbacks' | 'onEvent' | 'keep' | 'compile' | 'accumulationSteps' | 'learningRateMultipliers'
  >
> = optionsOf<TrainOptions>()({
  ...sharedOptions.fields,
  ...stageTrainingOptions.fields,
  validation: nested(
    optionsOf<Validation>()({ ...validationDataOptions.fields, ...earlyStoppingOptions.fields }),
  ).optional(),
});

/** The options of `train` with the defaults filled in. */
export type TrainSettings = Settings<typeof trainOptions.fields>;

/** The shared options with the defaults filled in. */
export type SharedSettings = Settings<typeof sharedOptions.fields>;

/** Throws for options that contradict the kind of data, or each other. */
export function checkDataOptions(
  where: string,
  options: Pick<SharedOptions, 'data' | 'batchSize' | 'validationSplit'> & {
    readonly validation?: ValidationData;
  },
): void {
  const { data, batchSize, validation } = options;
  checkSplit(where, options);
  checkBatchSize(where, 'options.batchSize', batchSize, data);
  if (validation === undefined) return;
  checkBatchSize(where, 'options.validation.batchSize', validation.batchSize, validation.data);
}
