import type { Optimizer } from '@tensorflow/tfjs-core';
import type { Schedule, Tap, Teacher } from '@kd/core';
import type { HintOptions } from '@kd/hint-regressor';
import type { Student } from '@kd/recipe';
import type { SharedOptions, Stopping, ValidationData } from '@kd/trainer';

/** How one of the two stages is trained. */
export interface TwoStageTraining {
  /** At most so many passes over the data. Paper: 500. */
  readonly epochs?: number;
  /** Makes a fresh optimizer. Paper: RMSProp with learning rate 0.005 (on MNIST 0.0005). */
  readonly optimizer?: () => Optimizer;
  /** Ends the stage after this many epochs without a better score on the validation set. Paper: 100. */
  readonly patience?: number;
  /** Batches whose gradients become one step; default 1. */
  readonly batchesPerStep?: number;
}

/** How the second stage is trained. */
export interface DistillationTraining extends TwoStageTraining, Pick<Stopping, 'measure' | 'score'> {
  /** Factor on the learning rate of the layers that the first stage has trained, >= 0. Paper: none (1). */
  readonly guidedLearningRate?: number;
}

/** Options of `trainInTwoStages`. Everything but teacher, student and data has the paper's value. */
export interface TwoStageOptions extends Omit<SharedOptions, 'batchSize'> {
  readonly teacher: Teacher;
  readonly student: Student;
  /** Hint layer of the teacher, or several. Paper: the middle layer. Without one there is one stage, plain distillation. */
  readonly hint?: Tap | readonly Tap[];
  /** Guided layer of the student, one for each hint. Paper: the middle layer. `suggestTaps` of @kd/hint-regressor lists pairs. */
  readonly guided?: Tap | readonly Tap[];
  /** Kind and activation of the regressors, reduction of the hint loss. Paper: a convolution without padding, the hint's activation, "paper". */
  readonly regressor?: Pick<HintOptions, 'kind' | 'activation' | 'identityWhenEqual' | 'reduction'>;
  /** Temperature τ of the soft targets. Paper: 3. */
  readonly temperature?: number | Schedule;
  /**
   * Weight λ of the soft targets, beside 1 for the labels, without T². Paper: from 4 to 1, linearly over 500 epochs (on MNIST over 150);
   * default: over the epochs of the second stage.
   */
  readonly lambda?: number | Schedule;
  /** Weight of the labels; 0 leaves them out, for data without labels. Paper: 1. */
  readonly hardWeight?: number;
  /** The first stage. */
  readonly hints?: TwoStageTraining;
  /** The second stage. */
  readonly distillation?: DistillationTraining;
  /** Held-out examples; with them each stage ends with the weights of its best epoch. Paper: a part of the training set. */
  readonly validation?: ValidationData;
  /** Examples a step, for data in memory. Paper: 128. */
  readonly batchSize?: number;
  /** "two stages", as published, or "joint": one stage on hints, soft and hard targets together, as other libraries do. */
  readonly strategy?: 'two stages' | 'joint';
  /** Weight of the hint loss in the strategy "joint", where it is the mean over the elements. RepDistiller: 100. */
  readonly jointHintWeight?: number | Schedule;
}

/** Names of the options. */
export const optionNames: readonly string[] = [
  'teacher',
  'student',
  'hint',
  'guided',
  'regressor',
  'temperature',
  'lambda',
  'hardWeight',
  'hints',
  'distillation',
  'validation',
  'batchSize',
  'strategy',
  'jointHintWeight',
  'data',
  'stepsPerEpoch',
  'seed',
  'callbacks',
  'onEvent',
  'signal',
  'checkpoint',
];
