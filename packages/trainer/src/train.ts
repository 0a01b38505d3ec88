import type { Optimizer } from '@tensorflow/tfjs-core';
import { checkTrainable, namedWeights } from '@kd/core';
import { buildObjective, defineRecipe } from '@kd/recipe';
import type { Recipe, Student } from '@kd/recipe';
import { bestEpoch } from './best-epoch.js';
import { logsOfEpoch, prepareCallbacks } from './callbacks.js';
import { prepareData } from './data/prepare-data.js';
import type { StopReason } from './events.js';
import { freshOptimizer } from './fresh-optimizer.js';
import type { EpochRecord } from './history.js';
import { judgeOf } from './judge.js';
import { pauseEvery } from './pause.js';
import { runEpoch } from './run-epoch.js';
import { statisticsOf } from './statistics.js';
import { clearStopFlag, isStopRequested } from './stop-flag.js';
import { checkTrainOptions } from './train-options.js';
import type { TrainOptions } from './train-options.js';

/** What a training gives back. */
export interface Run {
  /** The student of the recipe, the caller's own model, trained. */
  readonly student: Student;
  /** One record for each epoch, also for one that a callback has ended early, not for one that was aborted. */
  readonly history: readonly EpochRecord[];
  /** Why the training ended. */
  readonly reason: StopReason;
  /** The epoch whose weights the student has; undefined without validation: those of the last step. */
  readonly bestEpoch: number | undefined;
}

/**
 * Trains the student of a recipe: a distillation, or a teacher or baseline where the recipe has no teacher.
 *
 * A step is one forward of the teacher, one of the student, gradients with respect to an explicit list of variables, a check that all
 * is finite, and one step of the optimizer. With a validation set, the weights of the best epoch are put back at the end. The same
 * seed gives the same run.
 *
 * @param recipe from `defineRecipe`
 * @param options data, epochs, optimizer; optionally batch size, seed, validation, callbacks, events, abort signal
 * @returns the trained student, the history, why it ended, and which epoch was best
 * @throws (rejects) before the first step: `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`, `KD_DATA_TYPE`, `KD_DATA_LENGTH`,
 *   `KD_BATCH_EMPTY`, `KD_INPUT_MISSING`, `KD_TENSOR_SHAPE`, `KD_TENSOR_DTYPE`, `KD_LABEL_RANGE`, `KD_WEIGHT_RANGE`, `KD_TERM_NEEDS` and
 *   `KD_KERNEL_MISSING`, and what `defineRecipe`, terms and teacher throw; for a stream these of a batch before its step. During training `KD_STEP_NOT_FINITE`, with
 *   the weights as they were before the step, `KD_TEACHER_OUTPUT` and `KD_GRADIENT_UNAVAILABLE`
 *
 * @example
 * ```ts
 * import { defineRecipe } from '@kd/recipe';
 * import { hardTarget } from '@kd/soft-target-loss/terms';
 * import { train } from '@kd/trainer';
 * import { tensor2d, tensor1d, train as optimizers } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const dense = tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: 'zeros' });
 * const student = { model: tf.sequential({ layers: [dense] }), output: 'logits' } as const;
 * const data = { inputs: tensor2d([[1, 0], [0, 1]]), labels: tensor1d([0, 1], 'int32') };
 * const recipe = defineRecipe({ student, terms: [hardTarget()] });
 * const run = await train(recipe, { data, epochs: 20, optimizer: () => optimizers.sgd(1), validation: { data } });
 * console.log(run.reason, run.history.length, run.history.at(-1)?.validation?.['accuracy']);
 * // finished 20 1
 * ```
 */
export async function train(recipe: Recipe, options: TrainOptions): Promise<Run> {
  const where = 'train';
  checkTrainOptions(where, options);
  const { epochs, batchSize = 32, stepsPerEpoch, seed = 0, signal, onEvent = () => undefined } = options;
  const { student } = defineRecipe(recipe);
  const data = prepareData(where, options.data, { batchSize, stepsPerEpoch, shuffle: true });
  const judge =
    options.validation === undefined ? undefined : judgeOf(where, student, options.validation, batchSize);
  const objective = await buildObjective(recipe, {
    seed,
    ...(data.size === undefined ? {} : { datasetSize: data.size }),
  });
  const best = bestEpoch(student.model);
  const untrained = namedWeights(student.model).filter(({ trainable }) => !trainable);
  const statistics = statisticsOf(untrained.map(({ variable }) => variable));
  let optimizer: Optimizer | undefined;
  try {
    await data.checkAll(student.model, (targets) => objective.checkTargets(targets));
    await judge?.check();
    checkTrainable(where, student.model);
    optimizer = freshOptimizer(where, options.optimizer);
    const callbacks = prepareCallbacks(options.callbacks ?? [], student.model, {
      epochs,
      ...(data.stepsPerEpoch === undefined ? {} : { steps: data.stepsPerEpoch }),
    });
    clearStopFlag(student.model);
    const parameters = objective.trainable.reduce((sum, { variable }) => sum + variable.size, 0);
    onEvent({ type: 'start', epochs, stepsPerEpoch: data.stepsPerEpoch, parameters });
    await callbacks.onTrainBegin();

    const pause = pauseEvery(50);
    const context = { objective, optimizer, statistics, data, seed, callbacks, onEvent, signal, pause };
    const history: EpochRecord[] = [];
    let reason: StopReason = 'finished';
    let step = 0;
    for (let epoch = 0; epoch < epochs && reason === 'finished'; epoch++) {
      if (signal?.aborted === true) {
        reason = 'aborted';
        break;
      }
      const started = performance.now();
      await callbacks.onEpochBegin(epoch);
      const trained = await runEpoch(context, { epoch, step });
      step = trained.step;
      reason = trained.stopped ?? reason;
      const validation = reason === 'aborted' ? undefined : await judge?.measure({ signal, pause });
      if (reason === 'aborted' || (judge !== undefined && validation === undefined)) {
        reason = 'aborted';
        break;
      }
      const improved = validation !== undefined && best.note(epoch, judge?.score(validation) ?? NaN);
      const record: EpochRecord = {
        epoch,
        step,
        total: trained.total,
        losses: trained.losses,
        ...(validation === undefined ? {} : { validation }),
        improved,
        seconds: (performance.now() - started) / 1000,
      };
      history.push(record);
      onEvent({ type: 'epoch', ...record });
      await callbacks.onEpochEnd(epoch, logsOfEpoch(record));
      if (isStopRequested(student.model)) reason = 'callback';
      // Before there is a best epoch, all epochs from the first on are without a better score.
      else if (epoch - (best.epoch() ?? -1) >= (judge?.patience ?? Infinity)) reason = 'early';
    }
    best.restore();
    await callbacks.onTrainEnd();
    onEvent({ type: 'end', reason, bestEpoch: best.epoch() });
    return { student, history, reason, bestEpoch: best.epoch() };
  } finally {
    best.dispose();
    statistics.dispose();
    objective.dispose();
    optimizer?.dispose();
  }
}
