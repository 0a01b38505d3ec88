import { dispose, variable, zeros } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import type { Module, ModuleState } from '@kd/core';
import { activationForHint, activationNamed } from './activation.js';
import type { RegressorActivation } from './activation.js';
import { planRegressor } from './plan.js';
import type { PlanOptions, RegressorPlan } from './plan.js';
import { regress, resizingConstants } from './regress.js';

/** A built regressor. */
export interface RegressorState extends ModuleState {
  /** Maps the guided layer's output to the shape of the hint. */
  readonly regress: (guided: Tensor) => Tensor;
}

/** Options of `regressorModule`. */
export interface RegressorModuleOptions extends PlanOptions {
  /** Final activation of the regressor; undefined: the hint's activation if the teacher knows it. */
  readonly activation: RegressorActivation | undefined;
}

/**
 * The regressor of a term's n-th pair. Its parameters are trained with the student, and discarded when the
 * run is over.
 */
export function regressorModule(name: string, pair: number, options: RegressorModuleOptions): Module {
  return {
    name,
    build: ({ shapes: { student, teacher }, seed }): RegressorState => {
      const plan = planRegressor(name, student.taps[pair] ?? [], teacher?.taps[pair] ?? [], options);
      const activate = activationNamed(
        plan.kind === 'identity'
          ? 'linear'
          : (options.activation ?? activationForHint(teacher?.tapActivations?.[pair])),
      );
      const buffers = { ...resizingConstants(plan) };
      const trainable = parametersOf(plan, seed);
      return {
        trainable,
        buffers,
        regress: (guided) => activate(regress(plan, { ...trainable, ...buffers }, guided)),
        dispose: () => {
          dispose([...Object.values(trainable), ...Object.values(buffers)]);
        },
      };
    },
  };
}

function parametersOf({ kernelShape, teacher }: RegressorPlan, seed: number): ModuleState['trainable'] {
  if (kernelShape === undefined) return {};
  const kernel = initializers.glorotUniform({ seed }).apply([...kernelShape]);
  const bias = zeros([teacher.channels]);
  const variables = { kernel: variable(kernel), bias: variable(bias) };
  dispose([kernel, bias]);
  return variables;
}
