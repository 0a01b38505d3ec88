import { abortSignal, fn, nested, optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { checkBatchSize, repeatableData } from '@kd/data';
import type { RepeatableData } from '@kd/data';
import { callbacks } from './callbacks.js';
import type { Callback } from './callbacks.js';
import { checkpointOptions } from './checkpoint/store.js';
import type { CheckpointOptions } from './checkpoint/store.js';
import type { TrainEvent } from './events.js';
import { stageTrainingOptions, earlyStoppingOptions } from './stage.js';
import type { StageTraining, EarlyStopping } from './stage.js';

/** Examples that a student is judged on after each epoch. */
export interface ValidationData {
  /** Examples with sample weight, or without a label, count accordingly. A stream has to end. */
  readonly data: RepeatableData;
  /** Examples a batch for data in memory; default: that of the training. */
  readonly batchSize?: number;
}

/** How a student is judged after each epoch. */
export interface Validation extends ValidationData, EarlyStopping {}

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

/** Describes the options that all stages share. */
export const sharedOptions: Options<
  SharedOptions,
  FieldsOf<SharedOptions, 'seed' | 'callbacks' | 'onEvent'>
> = optionsOf<SharedOptions>()({
  data: repeatableData,
  batchSize: whole(1).optional(),
  stepsPerEpoch: whole(1).optional(),
  seed: whole(0).default(0),
  callbacks: callbacks.default([]),
  onEvent: fn<(event: TrainEvent) => void>().default(() => undefined),
  signal: abortSignal.optional(),
  checkpoint: nested(checkpointOptions).optional(),
});

/** Describes a validation set. */
export const validationDataOptions: Options<
  ValidationData,
  FieldsOf<ValidationData>
> = optionsOf<ValidationData>()({ data: repeatableData, batchSize: whole(1).optional() });

/** Describes the options of `train`. */
export const trainOptions: Options<
  TrainOptions,
  FieldsOf<TrainOptions, 'seed' | 'callbacks' | 'onEvent' | 'accumulationSteps' | 'learningRateMultipliers'>
> = optionsOf<TrainOptions>()({
  ...sharedOptions.fields,
  ...stageTrainingOptions.fields,
  validation: nested(
    optionsOf<Validation>()({ ...validationDataOptions.fields, ...earlyStoppingOptions.fields }),
  ).optional(),
});

/** The options of `train` with the defaults filled in. */
export type TrainSettings = Settings<typeof trainOptions.fields>;

/** What all stages share, with the defaults filled in. */
export type SharedSettings = Settings<typeof sharedOptions.fields>;

/** Throws for the size of a batch beside a stream, which makes its own batches. */
export function checkBatchSizes(
  where: string,
  { data, batchSize, validation }: ValidationData & { readonly validation?: ValidationData },
): void {
  checkBatchSize(where, 'options.batchSize', batchSize, data);
  if (validation === undefined) return;
  checkBatchSize(where, 'options.validation.batchSize', validation.batchSize, validation.data);
}
