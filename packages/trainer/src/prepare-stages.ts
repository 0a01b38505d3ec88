import { subSeed } from '@kd/core';
import type { CompilableOptimizer, LayerwiseOptimizer } from '@kd/core';
import { checkLayers, checkTrainable, inputsOfModel, namedWeights } from '@kd/model';
import { buildObjective, checkLearns } from '@kd/recipe';
import type { ModuleStore, Objective, Recipe } from '@kd/recipe';
import type { Optimizer } from '@tensorflow/tfjs-core';
import { checkAccumulableTerms } from './check-accumulation.js';
import { checkFixedBatch } from './check-fixed-batch.js';
import { prepareData } from './data/prepare-data.js';
import type { PreparedData } from './data/prepare-data.js';
import { splitOf } from './data/validation-split.js';
import type { Split } from './data/validation-split.js';
import { freshOptimizer } from './fresh-optimizer.js';
import { validatorOf } from './validator.js';
import type { HeldOutData, Validator } from './validator.js';
import { checkOptimizerState } from './optimizer-state.js';
import type { StageSettings } from './stage.js';
import type { SharedSettings, ValidationData } from './train-options.js';
import { freezeAllBut } from './trainable-layers.js';

/** A stage as requested, with its options and recipe read. */
export interface PlannedStage {
  readonly stage: StageSettings;
  readonly recipe: Recipe;
  /** What precedes the fields of the stage in messages: `options.`. */
  readonly at: string;
  /** Where the caller says how to judge it: `options.validation`. */
  readonly earlyStoppingAt: string;
}

/** A stage with everything prepared before the training. */
export interface PreparedStage {
  readonly stage: StageSettings;
  readonly index: number;
  readonly isLast: boolean;
  readonly validator: Validator | undefined;
  /** Built while all but the stage's own layers were frozen. */
  readonly objective: Objective;
  readonly optimizer: Optimizer;
  /** Seed of the stage. */
  readonly seed: number;
  /** Undefined if the length of an epoch is unknown. */
  readonly stepsPerEpoch: number | undefined;
}

/**
 * Checks all stages of a training under the conditions of their run, one after the other, and adds them to
 * `prepared`. Returns the data.
 */
export async function prepareStages(
  where: string,
  planned: readonly PlannedStage[],
  { data: given, batchSize = 32, validationSplit, stepsPerEpoch, seed, checkpoint, compile }: SharedSettings,
  validation: ValidationData | undefined,
  prepared: PreparedStage[],
  modules: ModuleStore,
): Promise<PreparedData> {
  const partOf =
    validationSplit === undefined
      ? undefined
      : (part: keyof Split) => (size: number) => splitOf(where, validationSplit, size)[part];
  const data = prepareData(where, 'options.data', given, {
    batchSize,
    shuffle: true,
    ...(partOf === undefined ? {} : { partOf: partOf('training') }),
  });
  const heldOut: HeldOutData | undefined =
    partOf === undefined
      ? validation && { ...validation, batchSize: validation.batchSize ?? batchSize }
      : { data: given, batchSize, partOf: partOf('heldOut') };
  for (const [index, plan] of planned.entries()) {
    const { stage, earlyStoppingAt } = plan;
    const validator = heldOut && validatorOf(where, earlyStoppingAt, heldOut, stage.earlyStopping ?? {});
    const ofStage = { validator, seed: index === 0 ? seed : subSeed(seed, 'stage', index) };
    const steps = stepsOfEpoch(data, stage.accumulationSteps, stepsPerEpoch);
    const { objective, optimizer } = await checked(where, plan, data, { ...ofStage, steps }, modules);
    prepared.push({
      stage,
      index,
      isLast: index === planned.length - 1,
      ...ofStage,
      objective,
      optimizer,
      stepsPerEpoch: steps,
    });
    (optimizer as Optimizer & Partial<CompilableOptimizer>).setCompile?.(compile);
    if (checkpoint !== undefined) checkOptimizerState(where, optimizer);
  }
  return data;
}

const namesOfData = { data: 'options.data', batchSize: 'options.batchSize' };

/** Whether a path names a module or a part of it. */
function isOfModule(path: string, modules: readonly string[]): boolean {
  return modules.some((name) => path === name || path.startsWith(`${name}/`));
}

/** Steps per epoch: enough for all batches, or fewer if the caller says so. */
function stepsOfEpoch(
  { batchesPerEpoch }: PreparedData,
  accumulationSteps: number,
  atMost: number | undefined,
): number | undefined {
  if (batchesPerEpoch === undefined) return atMost;
  return Math.min(atMost ?? Infinity, Math.ceil(batchesPerEpoch / accumulationSteps));
}

/** The objective and the optimizer of a stage, once everything about it has been checked. */
async function checked(
  where: string,
  { stage, recipe, at }: PlannedStage,
  data: PreparedData,
  {
    validator,
    seed,
    steps = Infinity,
  }: Pick<PreparedStage, 'validator' | 'seed'> & { steps: number | undefined },
  modules: ModuleStore,
): Promise<Pick<PreparedStage, 'objective' | 'optimizer'>> {
  const { model } = recipe.student;
  const { trainable, learningRateMultipliers, accumulationSteps } = stage;
  const modulesOfStage = recipe.terms.flatMap((term) => Object.values(term.modules).map(({ name }) => name));
  const chosen = (trainable ?? []).filter((path) => !modulesOfStage.includes(path));
  checkLayers(where, `${at}trainable`, model, chosen);
  const multiplied = Object.keys(learningRateMultipliers).filter((path) => !isOfModule(path, modulesOfStage));
  checkLayers(where, `${at}learningRateMultipliers`, model, multiplied);
  const unfreeze = freezeAllBut(model, trainable);
  let objective: Objective | undefined;
  try {
    checkLearns(where, `${at}trainable`, model, recipe.terms);
    const context = { seed, modules, ...(data.size === undefined ? {} : { datasetSize: data.size }) };
    const built = (objective = await buildObjective(recipe, context));
    if (accumulationSteps > 1) checkAccumulableTerms(where, `${at}accumulationSteps`, recipe.terms);
    checkFixedBatch(where, namesOfData, model, data, steps * accumulationSteps);
    await data.checkAll(
      (batch) => inputsOfModel(where, model, batch),
      (targets) => built.checkTargets(targets),
    );
    await validator?.check(built);
    checkTrainable(where, model);
    const optimizer = freshOptimizer(where, `${at}optimizer`, stage.optimizer);
    const { setNames } = optimizer as Optimizer & Partial<LayerwiseOptimizer>;
    setNames?.call(optimizer, [...namedWeights(model), ...built.moduleWeights]);
    return { objective, optimizer };
  } catch (error) {
    objective?.dispose();
    throw error;
  } finally {
    unfreeze();
  }
}
