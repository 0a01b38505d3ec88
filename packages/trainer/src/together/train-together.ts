import { checkFunction, checkOptions, describeValue, KdError } from '@kd/core';
import type { KdErrorParts } from '@kd/core';
import type { Recipe } from '@kd/recipe';
import type { TrainEvent } from '../events.js';
import { train } from '../train.js';
import type { Run } from '../train.js';
import { checkTrainOptions } from '../train-options.js';
import type { TrainOptions } from '../train-options.js';
import { turns } from './turns.js';

/** Options of `trainTogether`, the same for all students. */
export interface TogetherOptions extends Omit<TrainOptions, 'callbacks' | 'checkpoint' | 'onEvent'> {
  /** Told of the events of all, with the name of the student. */
  readonly onEvent?: (name: string, event: TrainEvent) => void;
}

/**
 * Trains several students at the same time, who may be each other's teachers: deep mutual learning.
 *
 * They take steps in turn, in the order of the recipes, on the same batches: in a step a student learns from what the others think with the weights that they have
 * by then. Each has an optimizer of its own. With a validation set each ends with the weights of its best epoch, put back when all have
 * made their last step; one that ends early goes on teaching with them. The same seed gives the same runs. Zhang, Xiang, Hospedales and Lu 2018, Deep
 * Mutual Learning, with `liveTeacher` of @kd/teacher for the peers.
 *
 * @param recipes by the names of the students, two or more, each with a model of its own
 * @param options those of `train`; `onEvent` is given the name too. No callbacks, which would be of one model, and no checkpoints
 * @returns a `Run` for each, by name
 * @throws (rejects) what `train` does, with the name of the student before the message; the others then stop where they are. `KD_OPTION_TYPE`
 *   for less than two recipes, or for two with one model
 *
 * @example
 * ```ts
 * import { defineRecipe } from '@kd/recipe';
 * import { hardTarget, softTarget } from '@kd/soft-target-loss/terms';
 * import { liveTeacher } from '@kd/teacher';
 * import { trainTogether } from '@kd/trainer';
 * import { tensor1d, tensor2d, train as optimizers } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const net = (units: number) =>
 *   sequential({ layers: [layers.dense({ units, inputShape: [2], activation: 'relu' }), layers.dense({ units: 2 })] });
 * const [wide, narrow] = [net(16), net(4)];
 * const learning = (model: typeof wide, peer: typeof wide) =>
 *   defineRecipe({
 *     student: { model, output: 'logits' },
 *     teacher: liveTeacher(peer, { output: 'logits' }),
 *     terms: [hardTarget(), softTarget({ temperature: 1 })],
 *   });
 * const data = { inputs: tensor2d([[1, 0], [0, 1]]), labels: tensor1d([0, 1], 'int32') };
 * const runs = await trainTogether(
 *   { wide: learning(wide, narrow), narrow: learning(narrow, wide) },
 *   { data, epochs: 5, optimizer: () => optimizers.adam(0.01) },
 * );
 * console.log(Object.entries(runs).map(([name, { reason, history }]) => `${name} ${reason} ${history.length}`).join(', '));
 * // wide finished 5, narrow finished 5
 * ```
 */
export async function trainTogether<Name extends string>(
  recipes: Readonly<Record<Name, Recipe>>,
  options: TogetherOptions,
): Promise<Record<Name, Run>> {
  const where = 'trainTogether';
  const { onEvent, ...shared } = checked(where, recipes, options);
  const names = Object.keys(recipes) as Name[];
  const order = turns(names.length);
  const failed = new AbortController();
  const signal =
    options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const runOf = async (name: Name, index: number): Promise<Run> => {
    const { pass, leave } = order[index] as (typeof order)[number];
    try {
      return await train(recipes[name], {
        ...shared,
        signal,
        onEvent: (event) => {
          onEvent?.(name, event);
        },
        // A turn lasts from one step to the next, with the validation between; after the last epoch all wait for each other.
        callbacks: [{ onBatchBegin: pass, onEpochEnd: pass }],
      });
    } catch (error) {
      failed.abort();
      throw named(name, error);
    } finally {
      leave();
    }
  };
  const runs = await Promise.allSettled(names.map(runOf));
  const failure = runs.find((run) => run.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return Object.fromEntries(
    runs.map((run, index) => [names[index], (run as PromiseFulfilledResult<Run>).value]),
  ) as Record<Name, Run>;
}

function checked(where: string, recipes: unknown, options: TogetherOptions): TogetherOptions {
  const fault = (argument: string, expected: string, received: string, remedy: string): KdError =>
    new KdError({ code: 'KD_OPTION_TYPE', where, argument, expected, received, remedy });
  if (typeof recipes !== 'object' || recipes === null || Object.keys(recipes).length < 2) {
    throw fault(
      'recipes',
      'an object with two or more recipes by name',
      describeValue(recipes),
      'For one student use train.',
    );
  }
  checkOptions(where, options, [
    ...['data', 'batchSize', 'stepsPerEpoch', 'seed', 'signal', 'validation', 'onEvent'],
    ...['epochs', 'optimizer', 'trainable', 'learningRates', 'batchesPerStep'],
  ]);
  const { onEvent, ...shared } = options;
  if (onEvent !== undefined) checkFunction(where, 'options.onEvent', onEvent);
  checkTrainOptions(where, shared);
  const models = Object.entries(recipes as Readonly<Record<string, Recipe>>).map(
    ([name, recipe]) => [name, recipe.student.model] as const,
  );
  for (const [index, [name, model]] of models.entries()) {
    const twin = models.slice(0, index).find(([, other]) => other === model);
    if (twin === undefined) continue;
    throw fault(
      `recipes.${name}.student.model`,
      'a model of its own',
      `that of recipes.${twin[0]}`,
      'Build a model for each student.',
    );
  }
  return options;
}

function named(name: string, error: unknown): unknown {
  if (!KdError.isInstance(error)) return error;
  const { code, where, argument, expected, received, remedy } = error;
  return new KdError({
    code: code as KdErrorParts['code'],
    where: `the student ${JSON.stringify(name)}: ${where}`,
    argument,
    expected,
    received,
    remedy,
    cause: error,
  });
}
