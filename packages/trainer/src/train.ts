import type { Parts } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import type { Recipe, Student } from '@kd/recipe';
import type { StopReason } from './events.js';
import type { EpochRecord } from './history.js';
import { runStages } from './run-stages.js';
import type { StageRun } from './stage-run.js';
import { checkDataOptions, trainOptions } from './train-options.js';
import type { TrainOptions, TrainSettings } from './train-options.js';

/** The result of a training. */
export interface Run {
  /** The student of the recipe: the caller's own model, trained. */
  readonly student: Student;
  /** One record per epoch, including one that a callback ended early, excluding one that was aborted. */
  readonly history: readonly EpochRecord[];
  /** Why the training ended. */
  readonly reason: StopReason;
  /**
   * The epoch whose weights the student has; undefined without validation, when the weights are those of the
   * last step.
   */
  readonly bestEpoch: number | undefined;
  /** The parts of the modules named in the option `keep`; the caller disposes them. */
  readonly modules: Readonly<Record<string, Parts>>;
}

/**
 * Trains the student of a recipe: a distillation or, if the recipe has no teacher, a teacher or a baseline.
 *
 * A step is one forward pass of the teacher, one of the student, gradients with respect to an explicit list
 * of variables, a check that all numbers are finite, and one step of the optimizer. With a validation set,
 * the weights of the best epoch are restored at the end. The same seed gives the same run.
 *
 * @param recipe from `defineRecipe`
 * @param options data, epochs, optimizer; optionally batch size, seed, validation, callbacks, events, abort
 *   signal
 * @returns the trained student, the history, why it ended, and which epoch was best
 * @throws (rejects) before the first step: `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`,
 *   `KD_DATA_TYPE`, `KD_DATA_LENGTH`, `KD_BATCH_EMPTY`, `KD_INPUT_MISSING`, `KD_TENSOR_SHAPE`,
 *   `KD_TENSOR_DTYPE`, `KD_LABEL_RANGE`, `KD_WEIGHT_RANGE`, `KD_TERM_NEEDS` and `KD_KERNEL_MISSING`, and what
 *   `defineRecipe`, terms and teacher throw. For a stream, the errors of a batch come before its step. During
 *   training: `KD_STEP_NOT_FINITE`, with the weights as they were before the step, `KD_TEACHER_OUTPUT` and
 *   `KD_GRADIENT_UNAVAILABLE`
 *
 * @example
 * ```ts
 * import { sgd } from '@kd/optimizers';
 * import { defineRecipe } from '@kd/recipe';
 * import { hardTarget } from '@kd/soft-target-loss';
 * import { train } from '@kd/trainer';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const dense = tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: 'zeros' });
 * const student = { model: tf.sequential({ layers: [dense] }), convention: 'logits' } as const;
 * const data = { inputs: tensor2d([[1, 0], [0, 1]]), labels: tensor1d([0, 1], 'int32') };
 * const recipe = defineRecipe({ student, terms: [hardTarget()] });
 * const run = await train(recipe, { data, epochs: 20, optimizer: () => sgd({ learningRate: 1 }), validation: { data } });
 * console.log(run.reason, run.history.length, run.history.at(-1)?.validation?.['accuracy']);
 * // finished 20 1
 * ```
 */
export async function train(recipe: Recipe, options: TrainOptions): Promise<Run> {
  const where = 'train';
  const settings = trainOptions.read(where, options);
  checkDataOptions(where, settings);
  return trainRecipe(where, defineRecipe(recipe), settings);
}

/** Trains a checked recipe in one stage. */
export async function trainRecipe(where: string, recipe: Recipe, settings: TrainSettings): Promise<Run> {
  const { epochs, optimizer, trainable, learningRateMultipliers, accumulationSteps, validation, ...shared } =
    settings;
  const { data, batchSize, ...earlyStopping } = validation ?? {};
  const stage = {
    name: 'training',
    terms: recipe.terms,
    epochs,
    optimizer,
    learningRateMultipliers,
    accumulationSteps,
    ...(trainable === undefined ? {} : { trainable }),
    earlyStopping,
  };
  const judged = data && { data, ...(batchSize === undefined ? {} : { batchSize }) };
  const planned = {
    stage,
    recipe,
    at: 'options.',
    earlyStoppingAt: shared.validationSplit === undefined ? 'options.validation' : 'options.validationSplit',
  };
  const { student, stages, modules } = await runStages(where, [planned], shared, judged);
  const { history, reason, bestEpoch } = stages[0] as StageRun;
  return { student, history, reason, bestEpoch, modules };
}
