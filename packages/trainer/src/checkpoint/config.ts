import { describeShape } from '@kd/core';
import { layersOf, namedWeights } from '@kd/model';
import type { NamedWeight, Schedule, Term } from '@kd/core';
import type { PreparedData } from '../data/prepare-data.js';
import type { PreparedStage } from '../prepare-stages.js';
import type { SharedSettings } from '../train-options.js';
import { configOfLayer } from './config-of-layer.js';
import { readableConfig } from './readable-config.js';
import { plain } from './plain.js';
import type { Json } from './plain.js';

/** What a training must have in common with a checkpoint in order to resume from it. */
export interface TrainingConfig {
  readonly [key: string]: Json;
  readonly datasetSize: number | null;
  readonly stages: readonly StageConfig[];
}

/** The same of one stage. */
export interface StageConfig {
  readonly [key: string]: Json;
  readonly name: string;
  readonly epochs: number;
  readonly accumulationSteps: number;
}

/** The config of a training. */
export async function configOf(
  where: string,
  { seed, batchSize = 32, stepsPerEpoch }: SharedSettings,
  { size, digest }: PreparedData,
  stages: readonly PreparedStage[],
  modules: readonly NamedWeight[],
): Promise<TrainingConfig> {
  const { recipe, teacher } = (stages[0] as PreparedStage).objective;
  const { model, convention } = recipe.student;
  return {
    seed,
    batchSize,
    stepsPerEpoch: stepsPerEpoch ?? null,
    datasetSize: size ?? null,
    data: (await digest()) ?? null,
    student: {
      convention: plain(convention),
      weights: namedWeights(model).map(describeWeight),
      layers: layersOf(model).map((layer) => configOfLayer(where, layer)),
    },
    modules: modules.map(describeWeight),
    teacher: teacher?.fingerprint ?? null,
    stages: await Promise.all(stages.map((stage) => configOfStage(where, stage))),
  };
}

async function configOfStage(
  where: string,
  { stage, objective, optimizer, validator }: PreparedStage,
): Promise<StageConfig> {
  const argument = `the optimizer ${optimizer.getClassName()} of the stage ${JSON.stringify(stage.name)}`;
  const config = readableConfig({ where, argument }, () => optimizer.getConfig());
  return {
    name: stage.name,
    epochs: stage.epochs,
    accumulationSteps: stage.accumulationSteps,
    validation: (await validator?.digest()) ?? null,
    metrics: plain(stage.earlyStopping?.metrics),
    patience: stage.earlyStopping?.patience ?? null,
    learningRateMultipliers: stage.learningRateMultipliers,
    terms: stage.terms.map(configOfTerm),
    trained: objective.trainable.map(describeWeight),
    optimizer: { class: optimizer.getClassName(), ...(config as Record<string, Json>) },
  };
}

function describeWeight({ name, variable }: NamedWeight): string {
  return `${name} ${describeShape(variable.shape)}`;
}

function configOfTerm({ name, weight, reads, scalars, settings }: Term): Json {
  return {
    name,
    weight: numbersOf(weight),
    reads: plain(reads),
    scalars: Object.fromEntries(Object.entries(scalars).map(([key, value]) => [key, numbersOf(value)])),
    settings: plain(settings),
  };
}

function numbersOf(value: number | Schedule): Json {
  return typeof value === 'number' ? value : samplesOf(value);
}

/** A schedule is a function and cannot be compared, but its values at a few steps can. */
function samplesOf(schedule: Schedule): Json {
  return [0, 1, 2, 5, 10, 20, 50, 100, 200, 500].map((epoch) => schedule({ step: epoch * 100, epoch }));
}
