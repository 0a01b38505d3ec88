import { KdError, optionsOf, teacher } from '@kd/core';
import type { FieldsOf, Options, Teacher, Term } from '@kd/core';
import { checkBuilt, checkGradientsRegistered, namedWeights } from '@kd/model';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkTerms, terms } from './check-terms.js';
import { knownStudent } from './known-side.js';
import { modulesOf, readerOfModule, readerOfTerm } from './readers.js';
import { sourcesOf } from './sources.js';
import { student } from './student.js';
import type { Student } from './student.js';

/** What to train a student on. Plain data, not a class: pass it to a trainer. */
export interface Recipe {
  readonly student: Student;
  /** Absent for a baseline, or when training a teacher. */
  readonly teacher?: Teacher;
  /** At least one; the total is the sum of their losses times their weights. */
  readonly terms: readonly Term[];
}

export const recipeOptions: Options<Recipe, FieldsOf<Recipe>> = optionsOf<Recipe>()({
  student,
  teacher: teacher.optional(),
  terms,
});

/**
 * Defines a recipe: a student, optionally a teacher, and weighted terms. Checks everything that it can
 * without asking the teacher. `total = sum_i weight_i(step) * loss_i`, plus the regularisers of the student's
 * layers.
 *
 * @param recipe student with its output convention, teacher, terms
 * @returns the recipe, for `train` or `buildObjective`
 * @throws `KD_MODEL_UNSUPPORTED`, `KD_MODEL_CONVENTION` for the student; `KD_BATCH_EMPTY` without terms;
 *   `KD_TERM_INVALID`, `KD_TERM_DUPLICATE`, `KD_TERM_NEEDS`, `KD_TAP_UNKNOWN`, `KD_TAP_AMBIGUOUS`,
 *   `KD_TAP_UNSUPPORTED` for terms; `KD_GRADIENT_UNAVAILABLE` if there are no gradients or no trainable
 *   weights; `KD_OPTION_UNKNOWN`, `KD_OPTION_TYPE`
 *
 * @example
 * ```ts
 * import { defineRecipe } from '@kd/recipe';
 * import { hardTarget } from '@kd/soft-target-loss';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * const recipe = defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
 * console.log(recipe.terms.map((term) => term.name).join());
 * // hard
 * ```
 */
export function defineRecipe(recipe: Recipe): Recipe {
  const where = 'defineRecipe';
  const read = recipeOptions.read(where, recipe, 'recipe');
  checkTerms(where, read.terms, read.teacher !== undefined);
  const { model } = read.student;
  const readers = read.terms.map(readerOfTerm);
  const known = knownStudent(read.student, readers);
  for (const { where: reader, reads } of [...readers, ...modulesOf(read.terms).map(readerOfModule)])
    sourcesOf({ where: reader, reads: { student: reads.student ?? {} } }, known, undefined);
  checkGradientsRegistered(where);
  checkLearns(where, 'recipe.student', model, read.terms);
  return recipe;
}

/** Throws `KD_GRADIENT_UNAVAILABLE` if a model has no trainable weights and no term trains a module. */
export function checkLearns(
  where: string,
  argument: string,
  model: LayersModel,
  given: readonly Term[],
): void {
  checkBuilt(where, argument, model);
  if (namedWeights(model).some(({ trainable }) => trainable)) return;
  if (given.some(({ modules }) => Object.values(modules).some(({ frozen }) => !frozen))) return;
  throw new KdError({
    code: 'KD_GRADIENT_UNAVAILABLE',
    where,
    argument,
    expected: 'a model with trainable weights',
    received: `${JSON.stringify(model.name)}, of which nothing is trainable`,
    remedy: 'Set trainable = true on the layers to train.',
  });
}
