import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedWeight } from './named-weight.js';
import type { TrainingTime } from './schedule.js';

/** What an optimizer has gathered, by the names of the weights. */
export interface OptimizerState {
  /** Moments and the like, as `firstMoment/<weight>`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Counters and the like, as `steps/<weight>`. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** An optimizer whose whole state can be read and put back, so that a training can go on to the bit. */
export interface ResumableOptimizer {
  /** A copy of the state of these weights, by their names here; its tensors are the caller's. */
  getState(weights: readonly Pick<NamedWeight, 'name' | 'variable'>[]): OptimizerState;
  /** Puts a state back, whatever the order of the weights; its tensors stay the caller's. */
  setState(state: OptimizerState, weights: readonly Pick<NamedWeight, 'name' | 'variable'>[]): void;
}

/** An optimizer that wants to know where the training is, for a schedule of its learning rate. */
export interface TimedOptimizer {
  /** Says at what time the next step is made. */
  setTime(time: TrainingTime): void;
}
