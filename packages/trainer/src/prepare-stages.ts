import type { Optimizer } from '@tensorflow/tfjs-core';
import { subSeed } from '@kd/core';
import { checkLayers, checkTrainable } from '@kd/model';
import { buildObjective, defineRecipe } from '@kd/recipe';
import type { Objective, Recipe } from '@kd/recipe';
import { checkAccumulableTerms } from './check-accumulation.js';
import { prepareData } from './data/prepare-data.js';
import type { PreparedData } from './data/prepare-data.js';
import { freshOptimizer } from './fresh-optimizer.js';
import { judgeOf } from './judge.js';
import type { Judge } from './judge.js';
import { checkOptimizerState } from './optimizer-state.js';
import { checkTargets } from './check-targets.js';
import type { Stage } from './stage.js';
import type { StagesDefinition, StagesOptions } from './stages-definition.js';
import { freezeAllBut } from './trainable-layers.js';

/** Where the caller has written the fields of a stage, for messages: `options.`, `options.validation`. */
export interface Place {
  readonly stage: string;
  readonly stopping: string;
}

/** A stage with everything that was made for it before the training. */
export interface PreparedStage {
  readonly stage: Stage;
  readonly index: number;
  readonly judge: Judge | undefined;
  /** Built while all but the stage's own layers were frozen. */
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  /** Seed of the stage. */
  readonly seed: number;
}

/** Checks all stages of a training as they will be run, one after the other, and adds them to `prepared`; gives the data. */
export async function prepareStages(
  where: string,
  definition: StagesDefinition,
  options: StagesOptions,
  places: readonly Place[],
  prepared: PreparedStage[],
): Promise<PreparedData> {
  const { batchSize = 32, stepsPerEpoch, seed = 0, validation, checkpoint } = options;
  const { student, teacher, stages } = definition;
  const data = prepareData(where, 'options.data', options.data, { batchSize, stepsPerEpoch, shuffle: true });
  for (const [index, stage] of stages.entries()) {
    const place = places[index] as Place;
    const recipe = { student, terms: stage.terms, ...(teacher === undefined ? {} : { teacher }) };
    const validationData = validation && { ...validation, batchSize: validation.batchSize ?? batchSize };
    const judge = validationData && judgeOf(where, place.stopping, validationData, stage.stopping ?? {});
    const ofStage = { stage, judge, seed: index === 0 ? seed : subSeed(seed, 'stage', index) };
    prepared.push({ ...ofStage, index, ...(await checked(where, place, recipe, data, ofStage)) });
    if (checkpoint !== undefined) checkOptimizerState(where, (prepared[index] as PreparedStage).optimizer);
  }
  return data;
}

/** The objective and the optimizer of a stage, when all about it was found in order. */
async function checked(
  where: string,
  place: Place,
  recipe: Recipe,
  data: PreparedData,
  { stage, judge, seed }: Pick<PreparedStage, 'stage' | 'judge' | 'seed'>,
): Promise<Pick<PreparedStage, 'objective' | 'optimizer'>> {
  // Before anything of it is read; once more below, where it may turn out that no layer of the choice learns.
  const { model } = defineRecipe(recipe).student;
  const { trainable, learningRates = {}, batchesPerStep = 1 } = stage;
  checkLayers(where, `${place.stage}trainable`, model, trainable ?? []);
  checkLayers(where, `${place.stage}learningRates`, model, Object.keys(learningRates));
  const unfreeze = freezeAllBut(model, trainable);
  let objective: Objective | undefined;
  try {
    defineRecipe(recipe);
    const context = { seed, ...(data.size === undefined ? {} : { datasetSize: data.size }) };
    const built = (objective = await buildObjective(recipe, context));
    if (batchesPerStep > 1) checkAccumulableTerms(where, `${place.stage}batchesPerStep`, recipe.terms);
    await data.checkAll(model, (targets) => checkTargets(where, built, batchesPerStep, targets));
    await judge?.check(built);
    checkTrainable(where, model);
    return { objective, optimizer: freshOptimizer(where, `${place.stage}optimizer`, stage.optimizer) };
  } catch (error) {
    objective?.dispose();
    throw error;
  } finally {
    unfreeze();
  }
}
