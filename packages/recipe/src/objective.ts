import { optionsOf, whole } from '@kd/core';
import { namedWeights } from '@kd/model';
import type {
  Batch,
  NamedWeight,
  Targets,
  TeacherDescription,
  TeacherPrediction,
  TermShapes,
} from '@kd/core';
import { checkNeedOfSize } from './check-needs.js';
import { checkDescription, checkPrediction } from './check-teacher.js';
import { checkTargets } from './check-targets.js';
import { evaluate, needsOutputs } from './evaluate.js';
import type { EvaluateRequest, Evaluation } from './evaluate.js';
import { buildModules } from './modules.js';
import type { Recipe } from './recipe.js';
import { planTaps } from './tap-plan.js';
import { shapesOfTerms } from './term-shapes.js';

/** A differentiable objective on a student. */
export interface Objective {
  readonly recipe: Recipe;
  /**
   * All trained variables in a constant order: the trainable weights of the student, then those of modules.
   */
  readonly trainable: readonly NamedWeight[];
  /** What to save of the modules of terms, under `module/variable`: trained variables and state. */
  readonly moduleWeights: readonly NamedWeight[];
  /** The teacher's description; undefined without a teacher. */
  readonly teacher: TeacherDescription | undefined;
  /**
   * Rejects targets that the terms cannot use. Reads them back: once for data in memory, outside the step for
   * streams.
   */
  checkTargets(targets: Targets): Promise<void>;
  /** One forward pass of the teacher, outside the tape. The caller disposes the tensors. */
  ask(batch: Batch, signal?: AbortSignal): Promise<TeacherPrediction | undefined>;
  /** One forward pass of the student, and all losses. Call it under the tape, or in `tf.tidy`. */
  evaluate(request: EvaluateRequest): Evaluation;
  /** Frees the modules of the terms, but neither student nor teacher. */
  dispose(): void;
}

/** Options of `buildObjective`. */
export interface ObjectiveOptions {
  /** Seed of the modules' initial weights, a whole number >= 0; default 0. */
  readonly seed?: number;
  /** Number of training examples, for terms that need it. */
  readonly datasetSize?: number;
}

const objectiveOptions = optionsOf<ObjectiveOptions>()({
  seed: whole(0).default(0),
  datasetSize: whole(1).optional(),
});

/**
 * Builds the objective of a recipe and checks everything that can be checked before the first step: shapes of
 * teacher, student and taps, conventions, classes, modules.
 *
 * @param recipe from `defineRecipe`
 * @param options seed of the modules, size of the data set
 * @returns the objective; dispose it after use
 * @throws (rejects) what the teacher's `describe` and the terms' `check` throw: `KD_TAP_UNKNOWN`,
 *   `KD_CLASSES_MISMATCH`, `KD_TEACHER_CONVENTION`, ...; `KD_TERM_NEEDS` if a term needs the size of the data
 *   set, `KD_TERM_DUPLICATE` if a module has the name of a layer, `KD_TEACHER_OUTPUT` if a teacher leaves
 *   taps out; `KD_OPTION_TYPE`, `KD_OPTION_RANGE`, `KD_OPTION_UNKNOWN`
 *
 * @example
 * ```ts
 * import { buildObjective, defineRecipe } from '@kd/recipe';
 * import { hardTarget } from '@kd/soft-target-loss';
 * import { ones, tensor1d, tidy } from '@tensorflow/tfjs-core';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const dense = tf.layers.dense({ units: 3, inputShape: [4], kernelInitializer: 'zeros' });
 * const student = { model: tf.sequential({ layers: [dense] }), convention: 'logits' } as const;
 * const objective = await buildObjective(defineRecipe({ student, terms: [hardTarget()] }));
 * const batch = { inputs: { x: ones([2, 4]) }, targets: { labels: tensor1d([0, 2], 'int32') } };
 * const time = { step: 0, epoch: 0 };
 * const total = tidy(() => objective.evaluate({ batch, prediction: undefined, time, training: false }).total);
 * console.log((await total.data())[0]?.toFixed(4), Math.log(3).toFixed(4));
 * // 1.0986 1.0986
 * ```
 */
export async function buildObjective(recipe: Recipe, options: ObjectiveOptions = {}): Promise<Objective> {
  const context = objectiveOptions.read('buildObjective', options);
  const { student, teacher, terms } = recipe;
  checkNeedOfSize(terms, context.datasetSize);
  const taps = planTaps(recipe);
  const description = await teacher?.describe({ taps: taps.teacher });
  if (description !== undefined) checkDescription(description, taps.teacher);
  const shapes = shapesOfTerms(recipe, taps, description);
  terms.forEach((term, index) => term.check?.(shapes[index] as TermShapes));
  const studentWeights = namedWeights(student.model).filter(({ trainable }) => trainable);
  const modules = buildModules(terms, shapes, context, studentWeights);
  return {
    recipe,
    trainable: [...studentWeights, ...modules.trainable],
    moduleWeights: modules.weights,
    teacher: description,
    checkTargets: (targets) => checkTargets(targets, terms, shapes),
    ask: async (batch, signal) => {
      if (teacher === undefined || description === undefined) return undefined;
      const outputs = needsOutputs(recipe);
      const request = { taps: taps.teacher, outputs, ...(signal === undefined ? {} : { signal }) };
      const prediction = await teacher.predict(batch, request);
      checkPrediction(prediction, description, batch, outputs);
      return prediction;
    },
    evaluate: (request) => evaluate({ recipe, taps, description, states: modules.states }, request),
    dispose: modules.dispose,
  };
}
