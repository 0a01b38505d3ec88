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
import { metrics } from './metrics-by-output.js';
import type { Metrics } from './metrics-by-output.js';

/** How to judge the epochs of a stage, and when to end it early. Needs a validation set. */
export interface EarlyStopping {
  /**
   * A metric, or one for each output by name. Default: `classificationMetrics` of classes and labels,
   * `valueMetrics` of values. With "losses", the stage's own terms are measured, without labels if the terms
   * need none.
   */
  readonly metrics?: Metrics | 'losses';
  /** Score of an epoch, lower is better. Default: the metric `loss`. */
  readonly score?: (measured: Measurements) => number;
  /** Ends the stage after this many epochs without a better score. Default: never. */
  readonly patience?: number;
}

/** How to train the weights of a stage, independent of its terms. */
export interface StageTraining {
  /**
   * Maximum number of passes over the data, a whole number >= 1. A training that resumes from a checkpoint
   * may have other epochs than before, but no fewer than it has begun.
   */
  readonly epochs: number;
  /** Makes a fresh optimizer: `() => tf.train.adam(1e-3)`. */
  readonly optimizer: () => Optimizer;
  /**
   * Paths of the layers to train, or of nested models to train completely; default: all that are trainable.
   * The others are frozen during the stage, including batch normalisation statistics. Layers frozen in the
   * model itself stay frozen. Modules learn with any choice; with `[]`, or their names, they learn alone, and
   * the student does not run unless a term reads it.
   */
  readonly trainable?: readonly string[];
  /**
   * Factor >= 0 on the learning rate, by the path of a layer or model or the name of a module; the more
   * specific wins, and 0 freezes. Default 1.
   */
  readonly learningRateMultipliers?: Readonly<Record<string, number>>;
  /**
   * Batches whose gradients make one step, a whole number >= 1; default 1. Apart from batch normalisation,
   * the step equals that of one large batch, whatever counts in it. For terms of single examples only. If
   * weights, labels or masks count differently for several terms, each batch is computed twice.
   */
  readonly accumulationSteps?: number;
}

/** One stage of a training. */
export interface Stage extends StageTraining {
  /** Appears in events, checkpoints and errors; unique. */
  readonly name: string;
  /** What the student is trained on in this stage. */
  readonly terms: readonly Term[];
  readonly earlyStopping?: EarlyStopping;
}

/** Describes how to judge the epochs of a stage. */
export const earlyStoppingOptions: Options<
  EarlyStopping,
  FieldsOf<EarlyStopping>
> = optionsOf<EarlyStopping>()({
  metrics: either(oneOf('losses'), metrics).optional(),
  score: fn<(measured: Measurements) => number>().optional(),
  patience: whole(1).optional(),
});

/** Describes how to train the weights of a stage. */
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

/** Describes a stage. Its terms are checked together with the student and the teacher. */
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
