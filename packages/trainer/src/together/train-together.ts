import { describeValue, errorAt, fn, KdError, optionsOf } from '@kd/core';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import type { TrainEvent } from '../events.js';
import { trainRecipe } from '../train.js';
import type { Run } from '../train.js';
import { checkDataOptions, trainOptions } from '../train-options.js';
import type { TrainOptions } from '../train-options.js';
import { turns } from './turns.js';

/** Options of `trainTogether`, the same for all students. */
export interface TogetherOptions extends Omit<TrainOptions, 'callbacks' | 'checkpoint' | 'onEvent'> {
  /** Receives the events of all students, with the student's name. */
  readonly onEvent?: (name: string, event: TrainEvent) => void;
}

const togetherOptions = optionsOf<TogetherOptions>()({
  ...trainOptions.without('callbacks', 'checkpoint', 'onEvent').fields,
  onEvent: fn<(name: string, event: TrainEvent) => void>().default(() => undefined),
});

/**
 * Trains several students at the same time, each of which may teach the others: deep mutual learning.
 *
 * They take turns, step by step, in the order of the recipes and on the same batches: in each step a student
 * learns from the current weights of the others. Each has its own optimizer. With a validation set, each ends
 * with the weights of its best epoch, restored once all have taken their last step; one that ends early keeps
 * teaching with those weights. The same seed gives the same runs. Zhang, Xiang, Hospedales and Lu 2018, Deep
 * Mutual Learning. Use `onlineTeacher` of @kd/teacher for the peers.
 *
 * @param recipes by the names of the students, two or more, each with its own model
 * @param options those of `train`; `onEvent` also receives the name. No callbacks, which would belong to one
 *   model, and no checkpoints
 * @returns a `Run` for each student, by name
 * @throws (rejects) what `train` throws, with the student's name before the message; the other students then
 *   stop where they are. `KD_OPTION_TYPE` for fewer than two recipes, or for two with the same model
 *
 * @example
 * ```ts
 * import { adam } from '@kd/optimizers';
 * import { defineRecipe } from '@kd/recipe';
 * import { hardTarget, softTarget } from '@kd/soft-target-loss';
 * import { onlineTeacher } from '@kd/teacher';
 * import { trainTogether } from '@kd/trainer';
 * import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * const net = (units: number) =>
 *   sequential({ layers: [layers.dense({ units, inputShape: [2], activation: 'relu' }), layers.dense({ units: 2 })] });
 * const [wide, narrow] = [net(16), net(4)];
 * const learning = (model: typeof wide, peer: typeof wide) =>
 *   defineRecipe({
 *     student: { model, convention: 'logits' },
 *     teacher: onlineTeacher(peer, { convention: 'logits' }),
 *     terms: [hardTarget(), softTarget({ temperature: 1 })],
 *   });
 * const data = { inputs: tensor2d([[1, 0], [0, 1]]), labels: tensor1d([0, 1], 'int32') };
 * const runs = await trainTogether(
 *   { wide: learning(wide, narrow), narrow: learning(narrow, wide) },
 *   { data, epochs: 5, optimizer: () => adam({ learningRate: 0.01 }) },
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
  checkRecipes(where, recipes);
  const { onEvent, ...settings } = togetherOptions.read(where, options);
  checkDataOptions(where, settings);
  const names = Object.keys(recipes) as Name[];
  const defined = names.map((name) => [name, definedAs(name, recipes[name])] as const);
  checkModels(where, defined);
  const order = turns(names.length);
  const failed = new AbortController();
  const signal =
    settings.signal === undefined ? failed.signal : AbortSignal.any([settings.signal, failed.signal]);
  const runOf = async ([name, recipe]: (typeof defined)[number], index: number): Promise<Run> => {
    const { pass, leave } = order[index] as (typeof order)[number];
    try {
      return await trainRecipe('train', recipe, {
        ...settings,
        signal,
        onEvent: (event) => {
          onEvent(name, event);
        },
        // A turn lasts from one step to the next, including any validation; after the last epoch all wait for
        // each other.
        callbacks: [{ onBatchBegin: pass, onEpochEnd: pass }],
      });
    } catch (error) {
      failed.abort();
      throw named(name, error);
    } finally {
      leave();
    }
  };
  const runs = await Promise.allSettled(defined.map(runOf));
  const failure = runs.find((run) => run.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return Object.fromEntries(
    runs.map((run, index) => [names[index], (run as PromiseFulfilledResult<Run>).value]),
  ) as Record<Name, Run>;
}

function checkRecipes(where: string, recipes: unknown): void {
  if (typeof recipes !== 'object' || recipes === null || Object.keys(recipes).length < 2) {
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: 'recipes',
      expected: 'an object with two or more recipes by name',
      received: describeValue(recipes),
      remedy: 'For a single student use train.',
    });
  }
}

function checkModels(where: string, recipes: readonly (readonly [string, Recipe])[]): void {
  for (const [index, [name, { student }]] of recipes.entries()) {
    const twin = recipes.slice(0, index).find(([, other]) => other.student.model === student.model);
    if (twin === undefined) continue;
    throw new KdError({
      code: 'KD_OPTION_TYPE',
      where,
      argument: `recipes.${name}.student.model`,
      expected: 'a model that no other recipe uses',
      received: `that of recipes.${twin[0]}`,
      remedy: 'Build a separate model for each student.',
    });
  }
}

function definedAs(name: string, recipe: Recipe): Recipe {
  try {
    return defineRecipe(recipe);
  } catch (error) {
    throw named(name, error);
  }
}

function named(name: string, error: unknown): unknown {
  return errorAt(error, (where) => `trainTogether, the student ${JSON.stringify(name)}: ${where}`);
}
