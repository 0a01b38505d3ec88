import { checkOptions, describeValue, KdError } from '@kd/core';
import { checkGradientsRegistered, checkModel, namedWeights, resolveTap } from '@kd/model';
import type { OutputConvention, Teacher, Term } from '@kd/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkTerms } from './check-terms.js';

/** The model that is trained, with what it puts out. */
export interface Student {
  /** A built tfjs-layers model with one output. It stays the caller's own object. */
  readonly model: LayersModel;
  /** What the model puts out; logits are best. */
  readonly output: OutputConvention;
}

/** What a student is trained on. Data, not a class: pass it to a trainer. */
export interface Recipe {
  readonly student: Student;
  /** Absent for a baseline, or to train a teacher in the first place. */
  readonly teacher?: Teacher;
  /** At least one; the total is the sum of their losses times their weights. */
  readonly terms: readonly Term[];
}

/**
 * A student, optionally a teacher, and weighted terms as one recipe, checked as far as it can be without asking the teacher:
 * `total = sum_i weight_i(step) * loss_i`, plus the regularisers that the student's layers declare.
 *
 * @param definition student with its output convention, teacher, terms
 * @returns the recipe, for `train` or `buildObjective`
 * @throws `KD_MODEL_UNSUPPORTED`, `KD_MODEL_CONVENTION` for the student; `KD_BATCH_EMPTY` without terms; `KD_TERM_INVALID`,
 *   `KD_TERM_DUPLICATE`, `KD_TERM_NEEDS`, `KD_TAP_UNKNOWN`, `KD_TAP_AMBIGUOUS`, `KD_TAP_UNSUPPORTED` for terms;
 *   `KD_GRADIENT_UNAVAILABLE` without gradients or without a trainable weight; `KD_OPTION_UNKNOWN`, `KD_OPTION_TYPE`
 *
 * @example
 * ```ts
 * import { defineRecipe } from '@kd/recipe';
 * import { hardTarget } from '@kd/soft-target-loss/terms';
 * import * as tf from '@tensorflow/tfjs-layers';
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
 * const recipe = defineRecipe({ student: { model, output: 'logits' }, terms: [hardTarget()] });
 * console.log(recipe.terms.map((term) => term.name).join());
 * // hard
 * ```
 */
export function defineRecipe(definition: Recipe): Recipe {
  const where = 'defineRecipe';
  checkOptions(where, definition, ['student', 'teacher', 'terms'], 'definition');
  const { student, teacher, terms } = definition;
  checkOptions(where, student, ['model', 'output'], 'student');
  checkModel(where, 'student', student.model, student.output);
  if (teacher !== undefined) checkTeacher(where, teacher);
  checkTerms(where, terms, teacher !== undefined);
  for (const { name, taps } of terms) {
    for (const tap of taps?.student ?? []) resolveTap(`the term ${JSON.stringify(name)}`, student.model, tap);
  }
  checkGradientsRegistered(where);
  if (!namedWeights(student.model).some(({ trainable }) => trainable)) {
    throw new KdError({
      code: 'KD_GRADIENT_UNAVAILABLE',
      where,
      argument: 'student',
      expected: 'a model with trainable weights',
      received: `${JSON.stringify(student.model.name)}, of which nothing is trainable`,
      remedy: 'Set trainable = true on the layers that are to learn.',
    });
  }
  return definition;
}

function checkTeacher(where: string, teacher: unknown): void {
  const candidate = teacher as Partial<Teacher> | null;
  if (typeof candidate?.describe === 'function' && typeof candidate.predict === 'function') return;
  throw new KdError({
    code: 'KD_OPTION_TYPE',
    where,
    argument: 'teacher',
    expected: 'a Teacher, with describe and predict',
    received: describeValue(teacher),
    remedy: 'Wrap a tfjs model: layersTeacher(model, { output: "logits" }) of @kd/teacher.',
  });
}
