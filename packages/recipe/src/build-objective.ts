import { like, optionsOf, whole } from '@kd/core';
import { builtModule } from './built-modules.js';
import type { BuiltModule, ModuleStore } from './built-modules.js';
import { checkClasses } from './check-classes.js';
import { checkNamesOfModules } from './check-names.js';
import { checkNeedOfSize } from './check-needs.js';
import { knownStudent, knownTeacher } from './known-side.js';
import { objectiveOf } from './objective.js';
import type { Objective } from './objective.js';
import type { Prepared, PreparedTerm } from './prepared.js';
import { modulesOf, readerOfModule, readerOfTerm } from './readers.js';
import { recipeOptions } from './recipe.js';
import type { Recipe } from './recipe.js';
import { infosOf, mapValues, sourcesOf } from './sources.js';

/** Options of `buildObjective`. */
export interface ObjectiveOptions {
  /** Seed of the modules' initial weights, a whole number >= 0; default 0. */
  readonly seed?: number;
  /** Number of training examples, for terms that read rows. */
  readonly datasetSize?: number;
  /**
   * Modules that are built already, by name; those that are missing are built and added, and the caller
   * disposes all of them. Default: the objective builds its own, and disposes them.
   */
  readonly modules?: ModuleStore;
}

const objectiveOptions = optionsOf<ObjectiveOptions>()({
  seed: whole(0).default(0),
  datasetSize: whole(1).optional(),
  modules: like('a Map of built modules', (x): x is ModuleStore => x instanceof Map).optional(),
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
 * const total = tidy(() => objective.evaluate({ batch, answer: undefined, time, training: false }).total);
 * console.log((await total.data())[0]?.toFixed(4), Math.log(3).toFixed(4));
 * // 1.0986 1.0986
 * ```
 */
export async function buildObjective(recipe: Recipe, options: ObjectiveOptions = {}): Promise<Objective> {
  const { seed, datasetSize, modules: given } = objectiveOptions.read('buildObjective', options);
  const { student: ofRecipe, teacher, terms } = recipeOptions.read('buildObjective', recipe, 'recipe');
  checkNeedOfSize(terms, datasetSize);
  const readers = terms.map(readerOfTerm);
  const student = knownStudent(ofRecipe, readers);
  const asked = teacher && (await knownTeacher(teacher, readers, modulesOf(terms).map(readerOfModule)));
  const store: ModuleStore = given ?? new Map<string, BuiltModule>();
  const dispose = (): void => {
    if (given === undefined) for (const built of store.values()) built.dispose();
  };
  try {
    const checked = terms.map((term, index) => {
      const reader = readers[index] as (typeof readers)[number];
      const sources = sourcesOf(reader, student, asked);
      checkClasses(reader.where, sources);
      term.check?.(infosOf(sources, datasetSize));
      return { term, sources };
    });
    checkNamesOfModules(modulesOf(terms), ofRecipe.model);
    const prepared: Prepared = {
      recipe,
      student,
      datasetSize,
      terms: checked.map((one) => ({ ...one, modules: modulesOfTerm(one.term, store, seed) })),
    };
    return objectiveOf(prepared, asked, dispose);
  } catch (error) {
    dispose();
    throw error;
  }

  function modulesOfTerm(
    { modules }: PreparedTerm['term'],
    built: ModuleStore,
    ofStage: number,
  ): PreparedTerm['modules'] {
    return mapValues(modules, (module) =>
      builtModule(
        built,
        module,
        () => infosOf(sourcesOf(readerOfModule(module), student, asked), datasetSize),
        ofStage,
      ),
    );
  }
}
