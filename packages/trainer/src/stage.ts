import type { Optimizer } from '@tensorflow/tfjs-core';
import {
  checkFunction,
  checkInteger,
  checkName,
  checkNonNegative,
  checkOptions,
  describeValue,
  KdError,
} from '@kd/core';
import type { Term } from '@kd/core';
import type { Measurements } from './history.js';
import type { Measure } from './measure.js';

/** How the epochs of a stage are judged, and when it ends early. Needs a validation set. */
export interface Stopping {
  /** Default `classification`; "losses": the losses of the stage's own terms, which need no labels if the terms need none. */
  readonly measure?: Measure | 'losses';
  /** Score of an epoch, lower is better; default: the measurement `loss`. */
  readonly score?: (measured: Measurements) => number;
  /** Ends the stage after this many epochs without a better score; default: never. */
  readonly patience?: number;
}

/** How the weights of a stage are trained, whatever they are trained on. */
export interface StageTraining {
  /** At most so many passes over the data, a whole number >= 1. */
  readonly epochs: number;
  /** Makes a fresh optimizer: `() => tf.train.adam(1e-3)`. */
  readonly optimizer: () => Optimizer;
  /**
   * Paths of the layers that learn, or of nested models of which all layers do; default: all that are trainable. The others are
   * frozen while the stage lasts, batch normalisation with its statistics. What the model itself has frozen stays frozen.
   */
  readonly trainable?: readonly string[];
  /** Factor >= 0 on the learning rate by path of a layer, for layers that an earlier stage has trained; default 1. */
  readonly learningRates?: Readonly<Record<string, number>>;
  /**
   * Batches whose gradients become one step, a whole number >= 1; default 1. For terms of single examples and batches without weights
   * it is the step of one batch of all of them, but for batch normalisation.
   */
  readonly batchesPerStep?: number;
}

/** One stage of a training. */
export interface Stage extends StageTraining {
  /** In events, checkpoints and errors; unique. */
  readonly name: string;
  /** What the student is trained on in this stage. */
  readonly terms: readonly Term[];
  readonly stopping?: Stopping;
}

/** Names of the options in `StageTraining`. */
export const stageTrainingNames: readonly string[] = [
  'epochs',
  'optimizer',
  'trainable',
  'learningRates',
  'batchesPerStep',
];
const stoppingNames = ['measure', 'score', 'patience'];

/** Checks how a stage is trained; `at` is what the caller has before its fields: `options.`. */
export function checkStageTraining(where: string, at: string, training: StageTraining): void {
  const { epochs, optimizer, trainable, learningRates, batchesPerStep } = training;
  checkInteger(where, `${at}epochs`, epochs, 1);
  checkFunction(where, `${at}optimizer`, optimizer);
  if (batchesPerStep !== undefined) checkInteger(where, `${at}batchesPerStep`, batchesPerStep, 1);
  if (trainable !== undefined && !Array.isArray(trainable)) {
    throw typeError(where, `${at}trainable`, 'an array of paths of layers', trainable);
  }
  if (learningRates === undefined) return;
  if (typeof learningRates !== 'object' || (learningRates as unknown) === null) {
    throw typeError(where, `${at}learningRates`, 'an object of factors by path of a layer', learningRates);
  }
  for (const [path, factor] of Object.entries(learningRates)) {
    checkNonNegative(where, `${at}learningRates[${JSON.stringify(path)}]`, factor);
  }
}

/** Checks how a stage is judged. */
export function checkStopping(where: string, argument: string, stopping: Stopping): void {
  const { measure, score, patience } = stopping;
  if (measure !== undefined && measure !== 'losses') checkFunction(where, `${argument}.measure`, measure);
  if (score !== undefined) checkFunction(where, `${argument}.score`, score);
  if (patience !== undefined) checkInteger(where, `${argument}.patience`, patience, 1);
}

/** Checks a list of stages as far as it can be without the student. */
export function checkStages(where: string, stages: readonly Stage[], hasValidation: boolean): void {
  const given: unknown = stages;
  if (!Array.isArray(given) || given.length === 0) {
    throw new KdError({
      code: 'KD_BATCH_EMPTY',
      where,
      argument: 'stages',
      expected: 'an array of at least one stage',
      received: describeValue(stages),
      remedy: 'Write { name, terms, epochs, optimizer }.',
    });
  }
  stages.forEach((stage, index) => {
    const argument = `stages[${String(index)}]`;
    checkOptions(where, stage, ['name', 'terms', 'stopping', ...stageTrainingNames], argument);
    checkName(where, `${argument}.name`, stage.name);
    checkStageTraining(where, `${argument}.`, stage);
    if (stages.findIndex(({ name }) => name === stage.name) !== index) {
      const expected = 'unlike that of every other stage';
      throw typeError(where, `${argument}.name`, expected, stage.name);
    }
    if (stage.stopping === undefined) return;
    checkOptions(where, stage.stopping, stoppingNames, `${argument}.stopping`);
    checkStopping(where, `${argument}.stopping`, stage.stopping);
    if (hasValidation) return;
    throw new KdError({
      code: 'KD_TERM_NEEDS',
      where,
      argument: 'options.validation',
      expected: `given for ${argument}.stopping`,
      received: 'undefined',
      remedy: 'Add a validation set, or leave out stopping.',
    });
  });
}

/** The error for an option of another type. */
export function typeError(where: string, argument: string, expected: string, received: unknown): KdError {
  const remedy = 'Pass a value of that type, or leave the option out.';
  return new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument,
    expected,
    received: describeValue(received),
    remedy,
  });
}
