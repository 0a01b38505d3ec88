import { adam, sgd } from '@kd/optimizers';
import { defineRecipe } from '@kd/recipe';
import type { Recipe as DefinedRecipe } from '@kd/recipe';
import { hardTarget, softTarget } from '@kd/soft-target-loss';
import { layersTeacher } from '@kd/teacher';
import { writeWeights } from '@kd-benchmarks/experiment';
import type { Weights } from '@kd-benchmarks/experiment';
import type { Optimizer } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { perceptron } from '../perceptron.js';
import type { Activation } from '../perceptron.js';
import type { Recipe } from '../runs.js';
import type { Work } from '../work/read-work.js';

interface Nets {
  readonly student: LayersModel;
  readonly teacher: LayersModel;
}

/** Student and teacher with the weights of a work. */
export function netsOf({ student, teacher, units }: Work, { activation }: Recipe): Nets {
  return {
    student: filled(units.student, activation, student),
    teacher: filled(units.teacher, 'relu', teacher),
  };
}

function filled(units: number, activation: Activation, weights: Weights): LayersModel {
  const model = perceptron(units, activation);
  writeWeights(model, weights);
  return model;
}

/** The losses of a run. */
export function recipeOf({ student, teacher }: Nets, { temperature, softWeight }: Recipe): DefinedRecipe {
  const soft = softTarget({ temperature, weight: softWeight });
  return defineRecipe({
    student: { model: student, convention: 'logits' },
    teacher: layersTeacher(teacher, { convention: 'logits' }),
    terms: softWeight < 1 ? [soft, hardTarget({ weight: 1 - softWeight })] : [soft],
  });
}

/** The optimizer of a run. */
export function optimizerOf({ optimizer, learningRate, momentum, epsilon }: Recipe): Optimizer {
  return optimizer === 'sgd' ? sgd({ learningRate, momentum }) : adam({ learningRate, epsilon });
}
