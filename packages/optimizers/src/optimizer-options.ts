import { nonNegative, optionsOf, positive } from '@kd/core';
import type { FieldsOf, Options, Schedule } from '@kd/core';
import { learningRateOption } from './learning-rate.js';

/** Options that every optimizer has. */
export interface OptimizerOptions {
  /** η, finite and >= 0, or a schedule `({ step, epoch }) => η`. */
  readonly learningRate?: number | Schedule;
  /** λ, finite and >= 0; of all weights, biases included, as in PyTorch. */
  readonly weightDecay?: number;
  /** Gradients that are together longer than this, finite and > 0, are scaled down to it; default: they are left as they are. */
  readonly clipNorm?: number;
  /**
   * Longest incoming vector of a unit, finite and > 0, after each step: of a kernel of rank >= 2 all axes but the last; default: no
   * limit.
   */
  readonly maxNorm?: number;
}

/** Describes them; the defaults are those of PyTorch for most optimizers. */
export const sharedOptions: Options<
  OptimizerOptions,
  FieldsOf<OptimizerOptions, 'learningRate' | 'weightDecay'>
> = optionsOf<OptimizerOptions>()({
  learningRate: learningRateOption.default(1e-3),
  weightDecay: nonNegative.default(0),
  clipNorm: positive.optional(),
  maxNorm: positive.optional(),
});
