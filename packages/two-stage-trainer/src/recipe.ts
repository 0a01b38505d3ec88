import {
  either,
  list,
  nested,
  nonNegative,
  oneOf,
  optionsOf,
  scheduled,
  tap,
  teacher,
  temperatureOption,
  unchecked,
} from '@kd/core';
import type { Check, FieldsOf, Options, Schedule, Tap, Teacher } from '@kd/core';
import type { HintOptions } from '@kd/hint-regressor';
import { student } from '@kd/recipe';
import type { Student } from '@kd/recipe';

type RegressorOptions = Pick<HintOptions, 'kind' | 'activation' | 'identityWhenEqual' | 'reduction'>;

/**
 * What to train a student on in two stages. Everything except teacher and student defaults to the paper's
 * value.
 */
export interface TwoStageRecipe {
  readonly teacher: Teacher;
  readonly student: Student;
  /**
   * Hint layer of the teacher, or several. Paper: the middle layer. Without it there is one stage, plain
   * distillation.
   */
  readonly hint?: Tap | readonly Tap[];
  /**
   * Guided layer of the student, one for each hint. Paper: the middle layer. `suggestTaps` of
   * @kd/hint-regressor lists pairs.
   */
  readonly guided?: Tap | readonly Tap[];
  /**
   * Kind and activation of the regressors, reduction of the hint loss. Paper: a convolution without padding,
   * the hint's activation, "paper".
   */
  readonly regressor?: RegressorOptions;
  /** Temperature τ of the soft targets. Paper: 3. */
  readonly temperature?: number | Schedule;
  /**
   * Weight λ of the soft targets, without T². Paper: from 4 to 1, linearly over 500 epochs (150 on MNIST),
   * with weight 1 for the labels. Default: the same over the epochs of the second stage.
   */
  readonly lambda?: number | Schedule;
  /** Weight of the labels; 0 leaves them out, for unlabelled data. Paper: 1. */
  readonly hardWeight?: number;
  /**
   * "two stages", as published, or "joint": one stage on hints, soft and hard targets together, as in other
   * libraries.
   */
  readonly strategy?: 'two stages' | 'joint';
  /**
   * Weight of the hint loss in the strategy "joint", where it is a mean over the elements. RepDistiller: 100.
   */
  readonly jointHintWeight?: number | Schedule;
}

// The hint term checks their values when it receives them.
const passedOn = <K extends keyof RegressorOptions>(
  expected: string,
): Check<Exclude<RegressorOptions[K], undefined>, Exclude<RegressorOptions[K], undefined>, 'optional'> =>
  unchecked<Exclude<RegressorOptions[K], undefined>>(expected).optional();
const regressorOptions = optionsOf<RegressorOptions>()({
  kind: passedOn<'kind'>('a kind of regressor'),
  activation: passedOn<'activation'>('an activation'),
  identityWhenEqual: passedOn<'identityWhenEqual'>('true or false'),
  reduction: passedOn<'reduction'>('a reduction'),
});

const taps = either(tap, list(tap));

/** Describes a two-stage recipe. */
export const twoStageRecipe: Options<
  TwoStageRecipe,
  FieldsOf<TwoStageRecipe, 'temperature' | 'hardWeight' | 'strategy'>
> = optionsOf<TwoStageRecipe>()({
  teacher,
  student,
  hint: taps.optional(),
  guided: taps.optional(),
  regressor: nested(regressorOptions).optional(),
  temperature: scheduled(temperatureOption).default(3),
  lambda: scheduled(nonNegative).optional(),
  hardWeight: nonNegative.default(1),
  strategy: oneOf('two stages', 'joint').default('two stages'),
  jointHintWeight: scheduled(nonNegative).optional(),
});
