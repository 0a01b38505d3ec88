import type { Optimizer } from '@tensorflow/tfjs-core';
import {
  either,
  fn,
  list,
  nested,
  nonNegative,
  oneOf,
  optionsOf,
  record,
  text,
  unchecked,
  whole,
} from '@kd/core';
import type { FieldsOf, Options, Settings, Term } from '@kd/core';
import type { Measurements } from './history.js';
import type { Metric } from './metrics.js';

/** How the epochs of a stage are judged, and when it ends early. Needs a validation set. */
export interface EarlyStopping {
  /** Default `classificationMetrics`; "losses": the losses of the stage's own terms, which need no labels if the terms need none. */
  readonly metrics?: Metric | 'losses';
  /** Score of an epoch, lower is better; default: the measurement `loss`. */
  readonly score?: (measured: Measurements) => number;
  /** Ends the stage after this many epochs without a better score; default: never. */
  readonly patience?: number;
}

/** How the weights of a stage are trained, whatever they are trained on. */
export interface StageTraining {
  /** At most so many passes over the data, a whole number >= 1. */
  readonly epochs: number;
  /** Makes a fresh optimizer: `() => tf.train.adam(1e-3)`. */
  readonly optimizer: () => Optimizer;
  /**
   * Paths of the layers that learn, or of nested models of which all layers do; default: all that are trainable. The others are
   * frozen while the stage lasts, batch normalisation with its statistics. What the model itself has frozen stays frozen.
   */
  readonly trainable?: readonly string[];
  /** Factor >= 0 on the learning rate by path of a layer, for layers that an earlier stage has trained; default 1. */
  readonly learningRateMultipliers?: Readonly<Record<string, number>>;
  /**
   * Batches whose gradients become one step, a whole number >= 1; default 1. For terms of single examples and batches without weights
   * it is the step of one batch of all of them, but for batch normalisation.
   */
  readonly accumulationSteps?: number;
}

/** One stage of a training. */
export interface Stage extends StageTraining {
  /** In events, checkpoints and errors; unique. */
  readonly name: string;
  /** What the student is trained on in this stage. */
  readonly terms: readonly Term[];
  readonly earlyStopping?: EarlyStopping;
}

/** Describes how the epochs of a stage are judged. */
export const earlyStoppingOptions: Options<
  EarlyStopping,
  FieldsOf<EarlyStopping>
> = optionsOf<EarlyStopping>()({
  metrics: either(oneOf('losses'), fn<Metric>()).optional(),
  score: fn<(measured: Measurements) => number>().optional(),
  patience: whole(1).optional(),
});

/** Describes how the weights of a stage are trained. */
export const stageTrainingOptions: Options<
  StageTraining,
  FieldsOf<StageTraining, 'accumulationSteps' | 'learningRateMultipliers'>
> = optionsOf<StageTraining>()({
  epochs: whole(1),
  optimizer: fn<() => Optimizer>(),
  trainable: list(text).optional(),
  learningRateMultipliers: record(nonNegative).default({}),
  accumulationSteps: whole(1).default(1),
});

/** Describes a stage. Its terms are checked with the student and the teacher. */
export const stageOptions: Options<
  Stage,
  FieldsOf<Stage, 'accumulationSteps' | 'learningRateMultipliers'>
> = optionsOf<Stage>()({
  name: text,
  terms: unchecked<readonly Term[]>('an array of terms'),
  ...stageTrainingOptions.fields,
  earlyStopping: nested(earlyStoppingOptions).optional(),
});

/** A stage with the defaults filled in. */
export type StageSettings = Settings<typeof stageOptions.fields>;
