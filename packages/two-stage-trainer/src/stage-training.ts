import { fn, nonNegative, optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { earlyStoppingOptions } from '@kd/trainer';
import type { EarlyStopping } from '@kd/trainer';
import { train } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';

/** How to train one of the two stages. */
export interface TwoStageTraining {
  /** Maximum number of passes over the data. Paper: 500. */
  readonly epochs?: number;
  /** Makes a fresh optimizer. Paper: RMSProp with learning rate 0.005 (on MNIST 0.0005). */
  readonly optimizer?: () => Optimizer;
  /** Ends the stage after this many epochs without a better score on the validation set. Paper: 100. */
  readonly patience?: number;
  /** Batches whose gradients make one step; default 1. */
  readonly accumulationSteps?: number;
}

/** How to train the second stage. */
export interface DistillationTraining extends TwoStageTraining, Pick<EarlyStopping, 'metrics' | 'score'> {
  /** Factor >= 0 on the learning rate of the layers trained in the first stage. Paper: none (1). */
  readonly guidedLearningRate?: number;
}

/**
 * How to train a stage, with the published defaults filled in (Romero et al. 2015, section 3.1 and appendix
 * A).
 */
export type TwoStageSettings = Settings<typeof twoStageTraining.fields>;

/** Describes how to train one of the two stages. */
export const twoStageTraining: Options<
  TwoStageTraining,
  FieldsOf<TwoStageTraining, 'epochs' | 'optimizer' | 'accumulationSteps'>
> = optionsOf<TwoStageTraining>()({
  epochs: whole(1).default(500),
  optimizer: fn<() => Optimizer>().default(() => train.rmsprop(0.005)),
  // The default needs a validation set; without one, patience is an error.
  patience: whole(1).optional(),
  accumulationSteps: whole(1).default(1),
});

/** The patience of either stage if there is a validation set. */
export const publishedPatience = 100;

/** Describes how to train the second stage. */
export const distillationTraining: Options<
  DistillationTraining,
  FieldsOf<DistillationTraining, 'epochs' | 'optimizer' | 'accumulationSteps'>
> = optionsOf<DistillationTraining>()({
  ...twoStageTraining.fields,
  ...earlyStoppingOptions.pick('metrics', 'score').fields,
  guidedLearningRate: nonNegative.optional(),
});

/** How to train the second stage, with the published defaults filled in. */
export type DistillationSettings = Settings<typeof distillationTraining.fields>;
