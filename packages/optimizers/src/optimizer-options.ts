import { nonNegative, optionsOf, positive } from '@kd/core';
import type { FieldsOf, Options, Schedule } from '@kd/core';
import { learningRateOption } from './learning-rate.js';

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** η, finite and >= 0, or a schedule `({ step, epoch }) => η`. */
  readonly learningRate?: number | Schedule;
  /** λ, finite and >= 0; applies to all weights, including biases, as in PyTorch. */
  readonly weightDecay?: number;
  /**
   * Maximum norm of all gradients together, finite and > 0; longer ones are scaled down. Default: no
   * clipping.
   */
  readonly clipNorm?: number;
  /**
   * Maximum norm of a unit's incoming vector after each step, finite and > 0: for kernels of rank >= 2, over
   * all axes but the last. Default: no limit.
   */
  readonly maxNorm?: number;
}

/** Describes them; the defaults are those of most PyTorch optimizers. */
export const sharedOptions: Options<
  OptimizerOptions,
  FieldsOf<OptimizerOptions, 'learningRate' | 'weightDecay'>
> = optionsOf<OptimizerOptions>()({
  learningRate: learningRateOption.default(1e-3),
  weightDecay: nonNegative.default(0),
  clipNorm: positive.optional(),
  maxNorm: positive.optional(),
});
