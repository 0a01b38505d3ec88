import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { TrainEvent, TrainOptions } from '@kd/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { examplesOf } from './examples.js';
import type { Size } from './recipe.js';

type Teacher = NonNullable<Recipe['teacher']>;
type Terms = Recipe['terms'];

/** A model as a teacher. */
export const teacherOf = (model: LayersModel): Teacher => layersTeacher(model, { convention: 'logits' });

/** Soft targets and labels. */
export const softAndHard = (): Terms => [
  softTarget({ temperature: 4, weight: 0.9 }),
  hardTarget({ weight: 0.1 }),
];

/** A recipe for a student that outputs logits. */
export const recipeOf = (model: LayersModel, teacher: Teacher, terms: Terms = softAndHard()): Recipe =>
  defineRecipe({ student: { model, convention: 'logits' }, teacher, terms });

/** Calls back on each step among the events of a training. */
export const stepsTo =
  (onStep: () => void) =>
  ({ type }: TrainEvent): void => {
    if (type === 'step') onStep();
  };

/** The options that most trainings share: all epochs of a size, in a seeded order. */
export function wholeRun(
  size: Size,
  onStep: () => void,
  data: TrainOptions['data'],
): Pick<TrainOptions, 'data' | 'epochs' | 'batchSize' | 'seed' | 'onEvent'> {
  return { data, epochs: size.epochs, batchSize: size.batch, seed: 5, onEvent: stepsTo(onStep) };
}

/** Trains a student on a teacher and labels, for all epochs of a size, and disposes the teacher. */
export async function distil(
  {
    student,
    teacher,
    optimizer,
    shape,
  }: {
    readonly student: LayersModel;
    readonly teacher: LayersModel;
    readonly optimizer: TrainOptions['optimizer'];
    readonly shape: readonly number[];
  },
  size: Size,
  onStep: () => void,
  more: Partial<TrainOptions> = {},
): Promise<readonly LayersModel[]> {
  const whole = wholeRun(size, onStep, examplesOf(size, shape));
  await train(recipeOf(student, teacherOf(teacher)), { ...whole, optimizer, ...more });
  teacher.dispose();
  return [student];
}
