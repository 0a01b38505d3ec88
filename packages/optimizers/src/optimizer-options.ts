import { nonNegative, optionsOf, positive } from '@kd/core';
import type { Check, FieldsOf, Options, Schedule } from '@kd/core';
import { maxNormOption } from './max-norm-option.js';
import type { MaxNorm } from './max-norm-option.js';
import { scheduledOption } from './scheduled-option.js';

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
   * all axes but the last. One number for all layers, or numbers by layer path, of which the longest that
   * contains a layer counts. Default: no limit.
   */
  readonly maxNorm?: MaxNorm;
}

/** Describes the option `learningRate`. */
export const learningRateOption: Check<number | Schedule> = scheduledOption(nonNegative);

/** Describes them; the defaults are those of most PyTorch optimizers. */
export const sharedOptions: Options<
  OptimizerOptions,
  FieldsOf<OptimizerOptions, 'learningRate' | 'weightDecay'>
> = optionsOf<OptimizerOptions>()({
  learningRate: learningRateOption.default(1e-3),
  weightDecay: nonNegative.default(0),
  clipNorm: positive.optional(),
  maxNorm: maxNormOption.optional(),
});
