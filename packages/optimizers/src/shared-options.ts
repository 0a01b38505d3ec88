import { checkOptions, checkNonNegative, checkPositive } from '@kd/core';
import type { Schedule } from '@kd/core';
import { checkLearningRate } from './learning-rate.js';

/** Options that every optimizer has. */
export interface SharedOptions {
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

/** What is known of the shared options once they are checked. */
export interface SharedSettings {
  readonly learningRate: number | Schedule;
  readonly weightDecay: number;
  readonly clipNorm: number | undefined;
  readonly maxNorm: number | undefined;
}

/** Checks the names of all options, and the shared ones; `defaults` are those of PyTorch. */
export function sharedSettings(
  where: string,
  options: SharedOptions,
  defaults: Pick<SharedSettings, 'learningRate' | 'weightDecay'>,
  own: readonly string[],
): SharedSettings {
  checkOptions(where, options, ['learningRate', ...own, 'weightDecay', 'clipNorm', 'maxNorm']);
  const { learningRate = defaults.learningRate, weightDecay = defaults.weightDecay } = options;
  const { clipNorm, maxNorm } = options;
  checkLearningRate(where, learningRate);
  checkNonNegative(where, 'options.weightDecay', weightDecay);
  if (clipNorm !== undefined) checkPositive(where, 'options.clipNorm', clipNorm);
  if (maxNorm !== undefined) checkPositive(where, 'options.maxNorm', maxNorm);
  return { learningRate, weightDecay, clipNorm, maxNorm };
}
