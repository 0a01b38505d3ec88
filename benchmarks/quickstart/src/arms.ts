import { adam } from '@kd/optimizers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { defineRecipe } from '@kd/recipe';
import type { Recipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher, cachedTeacher } from '@kd/teacher';
import { train } from '@kd/trainer';
import type { Run, TrainEvent } from '@kd/trainer';
import { asData } from '@kd-datasets/mnist';
import type { Digits } from '@kd-datasets/mnist';

/** How to train a model; `choose-hyper-parameters.ts` chose the values on the validation set. */
export interface Budget {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** The training ends after this many epochs without a better validation accuracy. */
  readonly patience: number;
}

/** What all trainings share. */
export interface TrainingContext {
  readonly validation: Digits;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: TrainEvent) => void;
}

/** Training on labels alone, for the teacher and for the student without one. */
export function labelsOnly(model: LayersModel): Recipe {
  return defineRecipe({ student: { model, convention: 'logits' }, terms: [hardTarget()] });
}

/** Training on a teacher's soft targets and the labels (Hinton, Vinyals, Dean 2015). */
export function distilled(
  model: LayersModel,
  teacher: LayersModel,
  { temperature, softWeight }: { readonly temperature: number; readonly softWeight: number },
): Recipe {
  return defineRecipe({
    student: { model, convention: 'logits' },
    // The digits are the same in every epoch, so the teacher answers once for each digit.
    teacher: cachedTeacher(layersTeacher(teacher, { convention: 'logits' })),
    terms: [softTarget({ temperature, weight: softWeight }), hardTarget({ weight: 1 - softWeight })],
  });
}

/** Trains with any recipe; every model of this experiment is trained by this function. */
export function trainRecipe(
  recipe: Recipe,
  digits: Digits,
  budget: Budget,
  context: TrainingContext,
): Promise<Run> {
  const { validation, seed, signal, onEvent } = context;
  return train(recipe, {
    data: asData(digits),
    epochs: budget.epochs,
    batchSize: budget.batchSize,
    optimizer: () => adam({ learningRate: budget.learningRate }),
    seed,
    validation: {
      data: asData(validation),
      batchSize: 1000,
      score: ({ accuracy = 0 }) => 1 - accuracy,
      patience: budget.patience,
    },
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
  });
}
