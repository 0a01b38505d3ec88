import { fn, nonNegative, optionsOf, whole } from '@kd/core';
import type { FieldsOf, Options, Settings } from '@kd/core';
import { earlyStoppingOptions } from '@kd/trainer';
import type { EarlyStopping } from '@kd/trainer';
import { train } from '@tensorflow/tfjs-core';
import type { Optimizer } from '@tensorflow/tfjs-core';

/** How one of the two stages is trained. */
export interface TwoStageTraining {
  /** At most so many passes over the data. Paper: 500. */
  readonly epochs?: number;
  /** Makes a fresh optimizer. Paper: RMSProp with learning rate 0.005 (on MNIST 0.0005). */
  readonly optimizer?: () => Optimizer;
  /** Ends the stage after this many epochs without a better score on the validation set. Paper: 100. */
  readonly patience?: number;
  /** Batches whose gradients become one step; default 1. */
  readonly accumulationSteps?: number;
}

/** How the second stage is trained. */
export interface DistillationTraining extends TwoStageTraining, Pick<EarlyStopping, 'metrics' | 'score'> {
  /** Factor on the learning rate of the layers that the first stage has trained, >= 0. Paper: none (1). */
  readonly guidedLearningRate?: number;
}

/** How a stage is trained, with the published values filled in (Romero et al. 2015, section 3.1 and appendix A). */
export type TwoStageSettings = Settings<typeof twoStageTraining.fields>;

/** Describes how one of the two stages is trained. */
export const twoStageTraining: Options<
  TwoStageTraining,
  FieldsOf<TwoStageTraining, 'epochs' | 'optimizer' | 'accumulationSteps'>
> = optionsOf<TwoStageTraining>()({
  epochs: whole(1).default(500),
  optimizer: fn<() => Optimizer>().default(() => train.rmsprop(0.005)),
  // Its default needs a validation set, without which it is an error.
  patience: whole(1).optional(),
  accumulationSteps: whole(1).default(1),
});

/** The patience of either stage where there is a validation set. */
export const publishedPatience = 100;

/** Describes how the second stage is trained. */
export const distillationTraining: Options<
  DistillationTraining,
  FieldsOf<DistillationTraining, 'epochs' | 'optimizer' | 'accumulationSteps'>
> = optionsOf<DistillationTraining>()({
  ...twoStageTraining.fields,
  ...earlyStoppingOptions.pick('metrics', 'score').fields,
  guidedLearningRate: nonNegative.optional(),
});

/** How the second stage is trained, with the published values filled in. */
export type DistillationSettings = Settings<typeof distillationTraining.fields>;
