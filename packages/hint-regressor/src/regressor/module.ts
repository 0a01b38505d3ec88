import { ones, variable, zeros } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import { defineModule } from '@kd/core';
import type { Module, Part } from '@kd/core';
import { activationForHint, activationNamed } from './activation.js';
import type { RegressorActivation } from './activation.js';
import { planRegressor } from './plan.js';
import type { RegressorPlan } from './kinds.js';
import type { PlanOptions } from './plan.js';
import { regress, resizingConstants } from './regress.js';
import type { HintPair } from '../term/pairs.js';

/** The parts of a regressor: what it learns, the constants that resize, and what they compute. */
export type RegressorParts = Readonly<Record<string, Part>> & {
  /** Maps the guided layer's output to the shape of the hint; the mask is of the hint's positions. */
  readonly regress: (guided: Tensor, mask?: Tensor) => Tensor;
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
    reads: { student: { layer: guided }, teacher: { layer: hint } },
    build: ({ student, teacher, seed }): RegressorParts => {
      const plan = planRegressor(name, student.layer.shape, teacher.layer.shape, options);
      const activate = activationNamed(
        plan.kind === 'identity'
          ? 'linear'
          : (options.activation ?? activationForHint(teacher.layer.activation)),
      );
      const tensors = { ...parametersOf(plan, seed), ...resizingConstants(plan) };
      return { ...tensors, regress: (x: Tensor, mask?: Tensor) => activate(regress(plan, tensors, x, mask)) };
    },
  });
}

function parametersOf(
  { kind, kernelShape, teacher }: RegressorPlan,
  seed: number,
): Readonly<Partial<Record<'kernel' | 'bias' | 'scale' | 'offset', Variable>>> {
  if (kernelShape === undefined) return {};
  const kernel = variable(initializers.glorotUniform({ seed }).apply([...kernelShape]));
  const channels = [teacher.channels];
  return kind === 'batchNormalized'
    ? { kernel, scale: variable(ones(channels)), offset: variable(zeros(channels)) }
    : { kernel, bias: variable(zeros(channels)) };
}
