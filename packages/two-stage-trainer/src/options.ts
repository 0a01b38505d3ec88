import { nested, optionsOf, whole } from '@kd/core';
import type { Check, FieldsOf, Options } from '@kd/core';
import { stagesOptions } from '@kd/trainer';
import type { StagesOptions } from '@kd/trainer';
import { distillationTraining, twoStageTraining } from './stage-training.js';
import type {
  DistillationSettings,
  DistillationTraining,
  TwoStageSettings,
  TwoStageTraining,
} from './stage-training.js';

/** Options of `trainInTwoStages`: those of `trainStages`, and how to train each of the two stages. */
export interface TwoStageOptions extends StagesOptions {
  /** Examples per step, for data in memory. Paper: 128. */
  readonly batchSize?: number;
  /** The first stage. */
  readonly hints?: TwoStageTraining;
  /** The second stage. */
  readonly distillation?: DistillationTraining;
}

/** Describes the options of `trainInTwoStages`. */
export const twoStageOptions: Options<
  TwoStageOptions,
  Omit<
    FieldsOf<TwoStageOptions, 'seed' | 'callbacks' | 'onEvent' | 'keep' | 'compile'>,
    'hints' | 'distillation'
  > & {
    readonly hints: Check<TwoStageTraining, TwoStageSettings, 'optional'>;
    readonly distillation: Check<DistillationTraining, DistillationSettings, 'optional'>;
  }
> = optionsOf<TwoStageOptions>()({
  ...stagesOptions.fields,
  batchSize: whole(1).optional(),
  hints: nested(twoStageTraining).optional(),
  distillation: nested(distillationTraining).optional(),
});
