import { add, addN, dispose, keep, mul, tidy } from '@tensorflow/tfjs-core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import {
  describeShape,
  forward,
  inputsOfModel,
  KdError,
  namedWeights,
  regularizersOf,
  subSeed,
  valueAt,
} from '@kd/core';
import type {
  Batch,
  ModuleState,
  NamedWeight,
  Targets,
  TeacherPrediction,
  Term,
  TermBatch,
  TermShapes,
  TrainingTime,
} from '@kd/core';
import { checkRows, checkTargets } from './check-batch.js';
import { buildModules } from './modules.js';
import type { Recipe } from './recipe.js';
import { planTaps } from './tap-plan.js';
import type { TapPlan } from './tap-plan.js';
import { checkPrediction, shapesOfTerms } from './term-shapes.js';
import { weightedMean } from './weighted-mean.js';

/** What an evaluation of the objective needs to know. */
export interface EvaluateRequest {
  readonly batch: Batch;
  /** The teacher's answer for this batch, from `ask`; undefined without a teacher. */
  readonly prediction: TeacherPrediction | undefined;
  readonly time: TrainingTime;
  readonly training: boolean;
  /** Makes dropout repeatable. */
  readonly seed?: number;
}

/** The value of the objective on a batch. */
export interface Evaluation {
  /** `sum weight_i loss_i` + regularisers, a scalar on the tape. */
  readonly total: Scalar;
  /** Loss of each term, unweighted, by name; regularisers of the student's layers as `regularizers`. Scalars. */
  readonly losses: Readonly<Record<string, Tensor>>;
  /** Weight of each term at this time. */
  readonly weights: Readonly<Record<string, number>>;
  /** Calls `afterStep` of the terms that have one; call it outside the tape, when the step is applied. */
  readonly afterStep: () => void;
  /** Frees what `afterStep` needs; call it whether the step was applied or not. */
  readonly release: () => void;
}

/** One differentiable objective on a student. */
export interface Objective {
  readonly recipe: Recipe;
  /** Everything that is trained, in a constant order: the student's trainable weights, then those of modules. */
  readonly trainable: readonly NamedWeight[];
  /** Rejects for targets that the terms cannot use. Reads them back: once for data in memory, outside the step for streams. */
  checkTargets(targets: Targets): Promise<void>;
  /** One forward of the teacher, outside the tape. The caller disposes the tensors. */
  ask(batch: Batch, signal?: AbortSignal): Promise<TeacherPrediction | undefined>;
  /** One forward of the student, and all losses. Call it under the tape, or in `tf.tidy`. */
  evaluate(request: EvaluateRequest): Evaluation;
  /** Frees the modules of the terms; neither student nor teacher. */
  dispose(): void;
}

/** Options of `buildObjective`. */
export interface ObjectiveOptions {
  /** Seed of the modules' initial weights; default 0. */
  readonly seed?: number;
  /** Number of examples of the training set, for terms that need it. */
  readonly datasetSize?: number;
}

/**
 * The objective of a recipe, with everything checked that can be before the first step: shapes of teacher, student and taps,
 * conventions, classes, modules.
 *
 * @param recipe from `defineRecipe`
 * @param options seed of the modules, size of the data set
 * @returns the objective; dispose it after use
 * @throws (rejects) what the teacher's `describe` and the terms' `check` throw: `KD_TAP_UNKNOWN`, `KD_CLASSES_MISMATCH`,
 *   `KD_TEACHER_CONVENTION`, `KD_TERM_NEEDS`, ...
 *
 * @example
 * ```ts
 * import { buildObjective, defineRecipe } from '@kd/recipe';
 * import { hardTarget } from '@kd/soft-target-loss';
 * import { ones, tensor1d, tidy } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const dense = tf.layers.dense({ units: 3, inputShape: [4], kernelInitializer: 'zeros' });
 * const student = { model: tf.sequential({ layers: [dense] }), output: 'logits' } as const;
 * const objective = await buildObjective(defineRecipe({ student, terms: [hardTarget()] }));
 * const batch = { inputs: { x: ones([2, 4]) }, targets: { labels: tensor1d([0, 2], 'int32') } };
 * const time = { step: 0, epoch: 0 };
 * const total = tidy(() => objective.evaluate({ batch, prediction: undefined, time, training: false }).total);
 * console.log((await total.data())[0]?.toFixed(4), Math.log(3).toFixed(4));
 * // 1.0986 1.0986
 * ```
 */
export async function buildObjective(recipe: Recipe, options: ObjectiveOptions = {}): Promise<Objective> {
  const { seed = 0, datasetSize } = options;
  const { student, teacher, terms } = recipe;
  const taps = planTaps(recipe);
  const description = await teacher?.describe({ taps: taps.teacher });
  const shapes = shapesOfTerms(recipe, taps, description);
  terms.forEach((term, index) => term.check?.(shapes[index] as TermShapes));
  const modules = buildModules(terms, shapes, {
    seed,
    ...(datasetSize === undefined ? {} : { datasetSize }),
  });
  const studentWeights = namedWeights(student.model).filter(({ trainable }) => trainable);
  return {
    recipe,
    trainable: [...studentWeights, ...modules.trainable],
    checkTargets: (targets) => checkTargets(targets, terms, shapes),
    ask: async (batch, signal) => {
      if (teacher === undefined) return undefined;
      const request = { taps: taps.teacher, ...(signal === undefined ? {} : { signal }) };
      const prediction = await teacher.predict(batch, request);
      checkPrediction(prediction, description, batch);
      return prediction;
    },
    evaluate: (request) => evaluate(recipe, taps, description?.output.convention, modules.states, request),
    dispose: modules.dispose,
  };
}

function evaluate(
  { student, terms }: Recipe,
  taps: TapPlan,
  teacherConvention: NonNullable<TermBatch['teacher']>['convention'] | undefined,
  states: Readonly<Record<string, ModuleState>>,
  { batch, prediction, time, training, seed }: EvaluateRequest,
): Evaluation {
  const rows = checkRows(batch);
  const inputs = inputsOfModel('the student', student.model, batch);
  const result = forward(student.model, inputs, {
    taps: taps.student,
    training,
    ...(seed === undefined ? {} : { seed: subSeed(seed, 'student') }),
  });
  const output = result.outputs[0] as Tensor;
  const termBatches = terms.map((_, index): TermBatch => {
    const positions = taps.ofTerm[index] ?? { student: [], teacher: [] };
    const pick = (from: readonly Tensor[], which: readonly number[]): Tensor[] =>
      which.map((at) => from[at] as Tensor);
    return {
      student: { output, convention: student.output, taps: pick(result.taps, positions.student) },
      ...(prediction === undefined || teacherConvention === undefined
        ? {}
        : {
            teacher: {
              members: prediction.members,
              convention: teacherConvention,
              taps: pick(prediction.taps, positions.teacher),
            },
          }),
      batch,
      time,
      modules: states,
    };
  });
  const losses: Record<string, Tensor> = {};
  const weights: Record<string, number> = {};
  terms.forEach((term, index) => {
    losses[term.name] = lossOfTerm(term, termBatches[index] as TermBatch, rows);
    weights[term.name] = weightOfTerm(term, time);
  });
  const weighted = terms.map(({ name }) => mul(losses[name] as Tensor, weights[name] as number));
  const regularizers = regularizersOf(student.model);
  if (regularizers.length > 0) losses['regularizers'] = addN(regularizers);
  const ofTerms = weighted.length === 1 ? (weighted[0] as Tensor) : addN(weighted);
  const total = losses['regularizers'] === undefined ? ofTerms : add(ofTerms, losses['regularizers']);
  return { total: total as Scalar, losses, weights, ...laterSteps(terms, termBatches) };
}

/** Keeps what `afterStep` needs alive beyond the tape; nothing if no term has one. */
function laterSteps(
  terms: readonly Term[],
  termBatches: readonly TermBatch[],
): Pick<Evaluation, 'afterStep' | 'release'> {
  const later = terms.flatMap((term, index) => {
    const termBatch = termBatches[index] as TermBatch;
    return term.afterStep === undefined ? [] : [{ afterStep: term.afterStep.bind(term), termBatch }];
  });
  const kept = new Set(
    later.flatMap(({ termBatch }) => [termBatch.student.output, ...termBatch.student.taps]),
  );
  for (const tensor of kept) keep(tensor);
  return {
    afterStep: () => {
      tidy(() => {
        for (const { afterStep, termBatch } of later) afterStep(termBatch);
      });
    },
    release: () => {
      dispose([...kept]);
    },
  };
}

function lossOfTerm(term: Term, termBatch: TermBatch, rows: number): Tensor {
  const { values, weights } = term.loss(termBatch);
  const expected = term.reduces === 'example' ? [rows] : [];
  const given = [values, ...(weights === undefined ? [] : [weights])];
  const wrong = given.find(({ shape }) => describeShape(shape) !== describeShape(expected));
  if (wrong !== undefined) {
    throw new KdError({
      code: 'KD_TERM_VALUES',
      where: `the term ${JSON.stringify(term.name)}`,
      argument: wrong === values ? 'values of its loss' : 'weights of its loss',
      expected: `of shape ${describeShape(expected)}, as it reduces ${JSON.stringify(term.reduces)}`,
      received: describeShape(wrong.shape),
      remedy: 'Sum or average over all axes but the first.',
    });
  }
  return term.reduces === 'batch' ? values : weightedMean(values, [termBatch.batch.sampleWeight, weights]);
}

function weightOfTerm({ name, weight = 1 }: Term, time: TrainingTime): number {
  const value = valueAt(weight, time);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new KdError({
    code: 'KD_WEIGHT_RANGE',
    where: `the term ${JSON.stringify(name)}`,
    argument: `weight at step ${String(time.step)}, epoch ${String(time.epoch)}`,
    expected: 'a finite number >= 0',
    received: String(value),
    remedy: 'Look at the schedule of the weight.',
  });
}
