import type { Tensor } from '@tensorflow/tfjs-core';
import type { Check } from './options/check.js';
import { oneOf } from './options/checks.js';
import type { NamedWeight } from './named-weight.js';
import type { TrainingTime } from './schedule.js';

/** The state of an optimizer, by the names of the weights. */
export interface OptimizerState {
  /** Moments and the like, as `firstMoment/<weight>`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Counters and the like, as `steps/<weight>`. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** An optimizer whose whole state can be saved and restored, so that a training resumes bit by bit. */
export interface ResumableOptimizer {
  /** A copy of the state of these weights, under the names given here. The caller owns its tensors. */
  getState(weights: readonly Pick<NamedWeight, 'name' | 'variable'>[]): OptimizerState;
  /** Restores a state; the order of the weights does not matter. The caller keeps its tensors. */
  setState(state: OptimizerState, weights: readonly Pick<NamedWeight, 'name' | 'variable'>[]): void;
}

/** An optimizer that needs the current time, for example for a learning-rate schedule. */
export interface TimedOptimizer {
  /** Receives the time of the next step. */
  setTime(time: TrainingTime): void;
}

/** An optimizer that needs the names of weights, for options by layer. */
export interface LayerwiseOptimizer {
  /** Receives the names of all weights of a training, frozen ones too, before the first step. */
  setNames(weights: readonly Pick<NamedWeight, 'name' | 'variable'>[]): void;
}

/** Whether a computation becomes one call of the backend: where it can, or never. */
export type Compile = 'auto' | 'never';

/** The choice, as an option. */
export const compileOption: Check<Compile> = oneOf('auto', 'never');

/** An optimizer whose step can become one call of the backend. */
export interface CompilableOptimizer {
  /** Receives the choice of the training before the first step. */
  setCompile(compile: Compile): void;
}
