import { variable, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { defineModule } from '@kd/core';
import type { Module, Part } from '@kd/core';
import { activationForHint, activationNamed } from './activation.js';
import type { RegressorActivation } from './activation.js';
import { planRegressor } from './plan.js';
import type { PlanOptions, RegressorPlan } from './plan.js';
import { regress, resizingConstants } from './regress.js';
import type { HintPair } from '../term/pairs.js';

/** The parts of a regressor: kernel and bias, the constants that resize, and what they compute. */
export type RegressorParts = Readonly<Record<string, Part>> & {
  /** Maps the guided layer's output to the shape of the hint. */
  readonly regress: (guided: Tensor) => Tensor;
};

/** Options of `regressorModule`. */
export interface RegressorModuleOptions extends PlanOptions {
  /** Final activation of the regressor; undefined: the hint's activation if the teacher knows it. */
  readonly activation: RegressorActivation | undefined;
}

/** The regressor of a pair. It is trained with the student, and discarded when the training is over. */
export function regressorModule(
  name: string,
  { guided, hint }: HintPair,
  options: RegressorModuleOptions,
): Module<RegressorParts> {
  return defineModule({
    name,
    reads: { student: { guided }, teacher: { hint } },
    build: ({ student, teacher, seed }): RegressorParts => {
      const plan = planRegressor(name, student.guided.shape, teacher.hint.shape, options);
      const activate = activationNamed(
        plan.kind === 'identity'
          ? 'linear'
          : (options.activation ?? activationForHint(teacher.hint.activation)),
      );
      const tensors = { ...parametersOf(plan, seed), ...resizingConstants(plan) };
      return { ...tensors, regress: (x: Tensor) => activate(regress(plan, tensors, x)) };
    },
  });
}

function parametersOf(
  { kernelShape, teacher }: RegressorPlan,
  seed: number,
): { readonly kernel?: Variable; readonly bias?: Variable } {
  if (kernelShape === undefined) return {};
  const kernel = initializers.glorotUniform({ seed }).apply([...kernelShape]);
  return { kernel: variable(kernel), bias: variable(zeros([teacher.channels])) };
}
